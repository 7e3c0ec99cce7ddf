/** A charge whose answer was lost is found or repeated under its own key, never made a second time. */
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Services } from '$lib/server/services';
import type { Tenant } from '../support/house';
import { openProcesses } from '../support/house-lanes';
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

const MICROS = 1_000_000n;

async function createRefiller(): Promise<Tenant> {
	const payer = await stripe.createPayer('10.50');
	await stripe.enableRefill(payer);
	return payer;
}

const balanceOf = async (id: number) => (await stripe.house.wallet(id))?.balance;
const refillCharges = async (id: number) =>
	(await stripe.chargesOf(id)).filter((charge) => charge.description === 'Talktime auto-refill');

describe('an outcome nobody knows', () => {
	it.each([{ apiReset: true }, { apiStatus: 500 }])(
		'given a charge that is made although %o, when it is asked again, then it is booked once and charged once',
		async (fault) => {
			const { id } = await createRefiller();
			await stripe.faults({ ...fault, apiAmbiguous: true, apiPath: '/v1/payment_intents' });
			await stripe.spend(id, 2n * MICROS);
			await stripe.tend();
			expect(await stripe.refill(id)).toMatchObject({ state: 'unknown' });
			expect(await balanceOf(id)).toBe('8.5');
			await stripe.noFaults();
			stripe.house.clock.advanceSeconds(61);
			await Promise.all(processes.map((services) => stripe.tend(services)));
			expect(await balanceOf(id)).toBe('58.5');
			expect(await refillCharges(id)).toHaveLength(1);
		}
	);

	it('given a charge that was not made, when it is asked again, then the same key makes it', async () => {
		const { id } = await createRefiller();
		await stripe.faults({ apiReset: true, apiPath: '/v1/payment_intents' });
		await stripe.spend(id, 2n * MICROS);
		await stripe.tend();
		const before = await stripe.refill(id);
		await stripe.noFaults();
		stripe.house.clock.advanceSeconds(61);
		await stripe.tend();
		expect(await balanceOf(id)).toBe('58.5');
		expect((await stripe.refill(id))?.payment_id).toBe(before?.payment_id);
		const [charge] = await refillCharges(id);
		expect(charge?.metadata.payment_id).toBe(before?.payment_id);
	});

	it('given a crash between the charge and its booking, when the worker comes back or the event comes, then it is booked once', async () => {
		const { id } = await createRefiller();
		await stripe.spend(id, 2n * MICROS);
		const { lane, stripe: gateway } = stripe.house.services;
		const [customer] = await stripe.house
			.sql`select * from stripe_customers where organization_id = ${id}`;
		const step = await lane.submit({
			kind: 'step_refill',
			organizationId: id,
			paymentId: uuid(),
			isLive: false,
			card: {
				customerId: String(customer?.customer_id),
				paymentMethodId: String(customer?.payment_method_id)
			}
		});
		if (step.kind !== 'charge') throw new Error(step.kind);
		await gateway?.charge(step.payment);
		expect(await balanceOf(id)).toBe('8.5');
		stripe.house.clock.advanceSeconds(61);
		await stripe.tend();
		await stripe.deliverAll(step.payment.id);
		expect(await balanceOf(id)).toBe('58.5');
		expect(await refillCharges(id)).toHaveLength(1);
	});
});
