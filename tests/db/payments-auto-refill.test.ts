/** Auto-refill: one charge when it is time, few when the bank says no, none when a person is needed. */
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Services } from '$lib/server/services';
import { removeCard } from '$lib/server/wallet/remove-card';
import { resumeRefill } from '$lib/server/wallet/resume-refill';
import { getWallet } from '$lib/server/wallet/get-wallet';
import { updateRefillSettings } from '$lib/server/wallet/update-refill-settings';
import { completedForm, post } from '../support/house-callbacks';
import { placeCommand, type Tenant } from '../support/house';
import { inTurn, openProcesses, tally } from '../support/house-lanes';
import { StripeHouse } from '../support/house-stripe';

let stripe: StripeHouse;
let processes: Services[];

beforeAll(async () => {
	stripe = await StripeHouse.open();
	processes = await openProcesses(stripe.house, 2, 4);
});
beforeEach(() => stripe.noFaults());
afterEach(() => stripe.house.expectBooksToBalance());
afterAll(() => stripe.close());

const HOUR = 3_600;
const MICROS = 1_000_000n;

/** A payer with auto-refill, $10 and some cents over the threshold. */
async function createRefiller(input: object = {}): Promise<Tenant> {
	const payer = await stripe.createPayer('10.50');
	await stripe.enableRefill(payer, input);
	return payer;
}

const balanceOf = async (id: number) => (await stripe.house.wallet(id))?.balance;
const refillCharges = async (id: number) =>
	(await stripe.chargesOf(id)).filter((charge) => charge.description === 'Talktime auto-refill');

describe('a balance that falls', () => {
	it('given $10.50, when it falls to $9, then $50 is charged once and it rests until it falls again', async () => {
		const { id } = await createRefiller();
		await stripe.tend();
		expect(await balanceOf(id)).toBe('10.5');
		await stripe.spend(id, 1_500_000n);
		expect(await stripe.refill(id)).toMatchObject({ state: 'claimed' });
		await stripe.tend();
		expect(await balanceOf(id)).toBe('59');
		expect(await stripe.refill(id)).toMatchObject({ state: 'settled', month_spent: '50.000000' });
		stripe.house.clock.advanceSeconds(61);
		await stripe.tend();
		expect(await stripe.refill(id)).toMatchObject({ state: 'armed' });
		await stripe.spend(id, 50n * MICROS);
		await Promise.all(processes.map((services) => stripe.tend(services)));
		expect(await balanceOf(id)).toBe('59');
		expect(await refillCharges(id)).toHaveLength(2);
	});

	it('given fifty calls that end at once in two processes, when they take it to $9, then one charge is made', async () => {
		const { id } = await stripe.createPayer('19');
		await stripe.house
			.sql`update call_balance set auto_refill_enabled = true where organization_id = ${id}`;
		await stripe.house.sql`update organizations set estimate_minutes = 1 where id = ${id}`;
		const calls = await Promise.all(Array.from({ length: 50 }, () => stripe.house.placeBound(id)));
		const endMs = stripe.house.clock.read();
		await Promise.all(
			calls.map(({ sid, callId }, index) =>
				post(inTurn(processes, index), completedForm(sid, endMs, '75'), { callId })
			)
		);
		await Promise.all(
			Array.from({ length: 6 }, (_, index) => stripe.tend(inTurn(processes, index)))
		);
		await stripe.deliverAll('Talktime auto-refill');
		await stripe.tend();
		expect(await refillCharges(id)).toHaveLength(1);
		expect(await balanceOf(id)).toBe('59');
	});

	it('given a claim, when many workers of two processes look at the same moment, then one of them charges', async () => {
		for (let round = 0; round < 5; round++) {
			const { id } = await stripe.createPayer('5');
			await stripe.house
				.sql`update call_balance set auto_refill_enabled = true where organization_id = ${id}`;
			await stripe.spend(id, MICROS);
			const steps = await Promise.all(
				Array.from({ length: 20 }, (_, index) =>
					inTurn(processes, index).lane.submit({
						kind: 'step_refill',
						organizationId: id,
						paymentId: uuid(),
						isLive: false,
						card: { customerId: 'cus_none', paymentMethodId: 'pm_none' }
					})
				)
			);
			expect(tally(steps.map(({ kind }) => kind))).toEqual({ charge: 1, rest: 19 });
		}
	});

	it('given debt and a threshold of $60, when it refills, then one charge of whole steps closes the gap', async () => {
		const { id } = await createRefiller({ threshold: '60' });
		await stripe.tend();
		const [charge] = await refillCharges(id);
		expect(charge?.amount).toBe(5_000);
		stripe.house.clock.advanceSeconds(61);
		await stripe.tend();
		await stripe.spend(id, 60n * MICROS);
		await stripe.tend();
		expect((await refillCharges(id)).map(({ amount }) => amount)).toEqual([10_000, 5_000]);
		expect(await balanceOf(id)).toBe('100.5');
	});

	it('given a call that costs more than is there, when it is refused, then it refills although the balance is over the threshold', async () => {
		const { id } = await createRefiller({ threshold: '1' });
		await stripe.house.sql`update organizations set price_ceiling = 20 where id = ${id}`;
		const rate = {
			prefix: '',
			perMinuteMicros: 11n * MICROS,
			initialSeconds: 60,
			incrementSeconds: 60
		};
		const refused = await stripe.house.services.lane.submit(placeCommand(id, { rate }));
		expect(refused.kind).toBe('blocked');
		await stripe.tend();
		expect(await balanceOf(id)).toBe('60.5');
		const placed = await stripe.house.services.lane.submit(placeCommand(id, { rate }));
		expect(placed.kind).toBe('placed');
	});

	it('given a ringing call that takes the free dollars under the threshold, when it rings, then it refills', async () => {
		const { id } = await createRefiller();
		const command = placeCommand(id, { estimateMinutes: 6 });
		await stripe.house.services.lane.submit(command);
		await stripe.tend();
		expect(await balanceOf(id)).toBe('60.5');
	});

	it('given auto-refill that is off, when it falls, then nothing is claimed', async () => {
		const { id } = await stripe.createPayer('10.50');
		await stripe.spend(id, 10n * MICROS);
		await stripe.tend();
		expect(await refillCharges(id)).toEqual([]);
	});
});

describe('a card that is declined', () => {
	it('given one, when a day passes, then four attempts are made, one mail is sent at the first, and it pauses', async () => {
		const { id, manager } = await createRefiller();
		await stripe.faults({ declineCode: 'insufficient_funds' });
		await stripe.spend(id, 2n * MICROS);
		await stripe.tend();
		expect(await refillCharges(id)).toHaveLength(1);
		expect(await stripe.mails(id)).toMatchObject([
			{ to: manager.email, subject: expect.stringContaining('failed') }
		]);
		expect(await stripe.refill(id)).toMatchObject({ state: 'backoff', declines: 1 });
		for (let step = 0; step < 96; step++) {
			stripe.house.clock.advanceSeconds(HOUR / 4);
			await stripe.spend(id, 10_000n);
			await stripe.tend(inTurn(processes, step));
		}
		expect(await refillCharges(id)).toHaveLength(4);
		expect(await stripe.mails(id)).toHaveLength(1);
		expect(await stripe.refill(id)).toMatchObject({ state: 'paused', pause_reason: 'declined' });
		const states = (await stripe.payments(id)).map((payment) => String(payment.state));
		expect(tally(states)).toEqual({ succeeded: 1, failed: 4 });
		await stripe.deliverAll('Talktime auto-refill');
		expect(await stripe.refill(id)).toMatchObject({ state: 'paused', declines: 4 });

		await stripe.noFaults();
		const resumed = await resumeRefill({ ctx: stripe.house.as(manager) });
		expect(resumed.autoRefill.pauseReason).toBeNull();
		await stripe.tend();
		expect(await stripe.refill(id)).toMatchObject({ state: 'settled', declines: 0 });
	});

	it.each([
		['lost_card', 'card_refused'],
		['authentication_required', 'authentication_required']
	])(
		'given %s, when it is charged, then it pauses at once with one mail and nothing incomplete is left',
		async (declineCode, reason) => {
			const { id, manager } = await createRefiller();
			await stripe.faults({ declineCode });
			await stripe.spend(id, 2n * MICROS);
			await stripe.tend();
			stripe.house.clock.advanceSeconds(25 * HOUR);
			await stripe.tend();
			expect(await stripe.refill(id)).toMatchObject({ state: 'paused', pause_reason: reason });
			expect(await refillCharges(id)).toHaveLength(1);
			expect(await stripe.mails(id)).toHaveLength(1);
			const wallet = await getWallet({ ctx: stripe.house.as(manager), input: {} });
			expect(wallet.credits.autoRefill).toMatchObject({ state: 'paused', pauseReason: reason });
			const [canceled] = await stripe.eventsOf('Talktime auto-refill', 'payment_intent.canceled');
			expect(canceled).toBeDefined();
		}
	);

	it('given a pause, when the manager pays in person, then it is armed again', async () => {
		const { id, ...payer } = await createRefiller();
		await stripe.faults({ declineCode: 'lost_card' });
		await stripe.spend(id, 2n * MICROS);
		await stripe.tend();
		await stripe.noFaults();
		const topUp = await stripe.startTopUp({ id, ...payer });
		await stripe.pay(topUp.sessionId);
		await stripe.deliverAll(topUp.attemptId);
		expect(await stripe.refill(id)).toMatchObject({ state: 'armed', pause_reason: null });
	});

	it('given a card that was removed, when it is time, then it pauses and says that none is saved', async () => {
		const { id } = await createRefiller();
		await stripe.house
			.sql`update stripe_customers set payment_method_id = null where organization_id = ${id}`;
		await stripe.spend(id, 2n * MICROS);
		await stripe.tend();
		expect(await stripe.refill(id)).toMatchObject({ state: 'paused', pause_reason: 'no_card' });
	});
});

describe('removing the card', () => {
	it('given a card that replaced another, when it is removed, then the older one is not charged in its place', async () => {
		const { id, ...payer } = await createRefiller();
		const topUp = await stripe.startTopUp({ id, ...payer });
		await stripe.pay(topUp.sessionId, { card: 'pm_card_mastercard' });
		await stripe.deliverAll(topUp.attemptId);
		await stripe.tend();
		const wallet = await removeCard({ ctx: stripe.house.as(payer.manager) });
		expect(wallet.card).toBeNull();
		await stripe.spend(id, 60n * MICROS);
		await stripe.tend();
		expect(await stripe.refill(id)).toMatchObject({ state: 'paused', pause_reason: 'no_card' });
		expect(await refillCharges(id)).toEqual([]);
	});
});

describe('the monthly cap', () => {
	it('given $100, when two refills are made, then a third waits for the next month and says so', async () => {
		const { id, manager } = await createRefiller({ monthlyCap: '120' });
		for (let round = 0; round < 3; round++) {
			await stripe.spend(id, round === 0 ? 10n * MICROS : 46n * MICROS);
			await stripe.tend();
			stripe.house.clock.advanceSeconds(61);
			await stripe.tend();
		}
		expect(await refillCharges(id)).toHaveLength(2);
		expect(await stripe.refill(id)).toMatchObject({ state: 'paused', pause_reason: 'monthly_cap' });
		expect(await stripe.mails(id)).toHaveLength(1);
		await updateRefillSettings({ ctx: stripe.house.as(manager), input: { monthlyCap: '200' } });
		await stripe.tend();
		expect(await refillCharges(id)).toHaveLength(3);
	});
});
