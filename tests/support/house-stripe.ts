/**
 * A house whose Stripe is the sandbox: the real SDK asks it. Its events wait until a test delivers them,
 * signed, in the order, number and moment that the test is about.
 */
import Stripe from 'stripe';
import { v7 as uuid } from 'uuid';
import type { Context } from '$lib/server/context';
import { tendPayments } from '$lib/server/payments/tend-payments';
import type { Services } from '$lib/server/services';
import { startTopUp } from '$lib/server/wallet/start-top-up';
import { updateRefillSettings } from '$lib/server/wallet/update-refill-settings';
import { receiveStripeEvent, type StripeAnswer } from '$lib/server/webhooks/receive-stripe-event';
import { parseMicros } from '$lib/domain/money';
import { startSandbox, type RunningSandbox } from '../../src/sandbox/server';
import { House, TestClock, type Tenant } from './house';

export const SECRET_KEY = 'sk_test_for_the_house';
export const WEBHOOK_SECRET = 'whsec_new';
export const OLD_WEBHOOK_SECRET = 'whsec_old';

export interface StripeEvent {
	id: string;
	type: string;
	data: { object: Record<string, unknown> };
}

export interface TopUp {
	attemptId: string;
	sessionId: string;
	url: string;
}

const signer = new Stripe(SECRET_KEY);

export class StripeHouse {
	private constructor(
		readonly house: House,
		readonly sandbox: RunningSandbox
	) {}

	static async open(): Promise<StripeHouse> {
		const sandbox = await startSandbox({
			speed: 1_000,
			seed: 'stripe',
			environment: { STRIPE_SECRET_KEY: SECRET_KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET },
			log: () => {}
		});
		const house = await House.open({
			// The sandbox stamps with the wall clock, as Stripe does.
			clock: new TestClock(Date.now),
			environment: {
				STRIPE_SECRET_KEY: SECRET_KEY,
				STRIPE_WEBHOOK_SECRET: `${WEBHOOK_SECRET},${OLD_WEBHOOK_SECRET}`,
				STRIPE_API_BASE_URL: sandbox.url,
				PROVIDER_TIMEOUT_SECONDS: '5'
			}
		});
		return new StripeHouse(house, sandbox);
	}

	async close(): Promise<void> {
		await this.house.close();
		await this.sandbox.close();
	}

	/** The sandbox's own controls: the bank, the payer and the dashboard. */
	async ask(method: string, path: string, value?: object): Promise<Record<string, unknown>> {
		const body = value && JSON.stringify(value);
		const response = await fetch(`${this.sandbox.url}/_sandbox${path}`, { method, body });
		return Object(await response.json());
	}

	faults(plan: object): Promise<unknown> {
		return this.ask('POST', '/faults', { provider: 'stripe', ...plan });
	}

	noFaults(): Promise<unknown> {
		return this.ask('DELETE', '/faults');
	}

	job(services = this.house.services): Context {
		return this.house.context({ kind: 'job' }, services);
	}

	/** A manager opens the payment page. */
	async startTopUp(tenant: Tenant, amount: 50 | 100 = 50, attemptId = uuid()): Promise<TopUp> {
		const ctx = this.house.as(tenant.manager);
		const { url } = await startTopUp({ ctx, input: { attemptId, amount } });
		return { attemptId, url, sessionId: url.split('/').at(-1) ?? '' };
	}

	/** Somebody pays on the page: with a card, or by a bank debit that is under way for days. */
	pay(sessionId: string, payer: { card?: string; bank?: boolean } = {}) {
		return this.ask('POST', `/stripe/sessions/${sessionId}/pay`, payer);
	}

	/** Events of the sandbox since the last look that are about one payment, oldest first. */
	async eventsOf(id: string, ...types: string[]): Promise<StripeEvent[]> {
		const { events } = await this.ask('GET', '/stripe/events');
		const all = (events as { event: StripeEvent }[]).map(({ event }) => event).reverse();
		return all.filter(
			(event) =>
				JSON.stringify(event).includes(id) && (types.length === 0 || types.includes(event.type))
		);
	}

	async eventOf(id: string, type: string): Promise<StripeEvent> {
		const found = (await this.eventsOf(id, type)).at(-1);
		if (!found) throw new Error(`There is no ${type} of ${id}.`);
		return found;
	}

	/** Posts an event to the webhook of one process, signed as Stripe signs. */
	deliver(event: object, services: Services = this.house.services): Promise<StripeAnswer> {
		return this.post(JSON.stringify(event, null, 2), {}, services);
	}

	post(
		payload: string,
		signing: { secret?: string; atSeconds?: number; header?: string | null } = {},
		services: Services = this.house.services
	): Promise<StripeAnswer> {
		const { secret = WEBHOOK_SECRET, header } = signing;
		const timestamp = signing.atSeconds ?? this.nowSeconds();
		const signature =
			header === undefined
				? signer.webhooks.generateTestHeaderString({ payload, secret, timestamp })
				: header;
		const ctx = this.house.context({ kind: 'anonymous' }, services);
		return receiveStripeEvent(ctx, { rawBody: Buffer.from(payload), signature });
	}

	nowSeconds(): number {
		return Math.floor(this.house.clock.read() / 1000);
	}

	/** Everything Stripe would have posted about a payment, in order. */
	async deliverAll(id: string): Promise<void> {
		for (const event of await this.eventsOf(id)) await this.deliver(event);
	}

	/** Lets the worker do all there is to do now. */
	async tend(services = this.house.services): Promise<void> {
		for (let round = 0; round < 20; round++) {
			const { looked } = await tendPayments({ ctx: this.job(services) });
			if (looked === 0) return;
		}
		throw new Error('There is always more to do.');
	}

	/** Pays by card, so that the card is saved, and leaves so many dollars in the wallet. */
	async createPayer(dollars: string, card = 'pm_card_visa'): Promise<Tenant & TopUp> {
		const tenant = await this.house.createTenant({ mode: 'wallet' });
		const topUp = await this.startTopUp(tenant);
		await this.pay(topUp.sessionId, { card });
		await this.deliverAll(topUp.attemptId);
		await this.tend();
		await this.spend(tenant.id, parseMicros('50') - parseMicros(dollars));
		return { ...tenant, ...topUp };
	}

	async spend(organizationId: number, amountMicros: bigint): Promise<void> {
		if (amountMicros === 0n) return;
		await this.house.services.lane.submit({
			kind: 'move_money',
			transactionId: uuid(),
			organizationId,
			type: 'debit',
			amountMicros,
			description: 'spent for a test',
			metadata: {},
			actor: { kind: 'command_line' }
		});
	}

	/** Switches auto-refill on, $50 under $10 unless told otherwise. */
	async enableRefill(tenant: Tenant, input: object = {}): Promise<void> {
		const ctx = this.house.as(tenant.manager);
		await updateRefillSettings({ ctx, input: { isEnabled: true, ...input } });
	}

	async refill(organizationId: number) {
		const [row] = await this.house.sql`
			select state, pause_reason, declines, payment_id, month_spent::text
			from auto_refills where organization_id = ${organizationId}`;
		return row;
	}

	async payments(organizationId: number) {
		return this.house.sql`
			select id, kind, state, trim_scale(amount)::text as amount, failure_code, stripe_payment_intent_id as intent,
				trim_scale(refunded_amount)::text as refunded, trim_scale(disputed_amount)::text as disputed, receipt_url
			from payments where organization_id = ${organizationId} order by created_at, id`;
	}

	/** Charges that Stripe has of an organisation: each is one answer of a bank. */
	async chargesOf(organizationId: number): Promise<Stripe.Charge[]> {
		const [row] = await this.house.sql`
			select customer_id from stripe_customers where organization_id = ${organizationId}`;
		const url = new URL(this.sandbox.url);
		const stripe = new Stripe(SECRET_KEY, {
			host: url.hostname,
			port: Number(url.port),
			protocol: 'http'
		});
		const { data } = await stripe.charges.list({ customer: String(row?.customer_id), limit: 100 });
		return data;
	}

	async mails(organizationId: number) {
		return this.house.sql`
			select subject, text, "to" from mails where organization_id = ${organizationId} order by id`;
	}
}
