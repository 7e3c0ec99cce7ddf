import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimateCall } from '$lib/server/wallet/estimate-call';
import { importRates } from '$lib/server/rates/import-rates';
import { House, type NewTenant } from '../support/house';

let house: House;

beforeAll(async () => {
	house = await House.open({ providers: {} });
	const csv = [
		'prefix,description,per_minute,increment,effective_from',
		'44,United Kingdom,0.02,60/60,2026-01-01',
		'447,United Kingdom mobile,0.25,30/6,2026-01-01',
		'447,United Kingdom mobile from 2027,0.50,1/1,2027-01-01'
	].join('\n');
	await importRates({ ctx: house.commandLine(), input: { csv } });
});
afterAll(() => house.close());

async function estimate(tenant: NewTenant, phone: string) {
	const { agent } = await house.createTenant(tenant);
	return estimateCall({ ctx: house.as(agent), input: { phone } });
}

describe('the estimate of a call', () => {
	it('given rates by prefix, when a mobile is asked for, then the longest prefix in force names price and steps', async () => {
		expect(await estimate({ dollars: '1.00' }, '+44 7400 123456')).toEqual({
			to: '+447400123456',
			country: 'GB',
			ratePerMinute: '0.250000',
			initialSeconds: 30,
			incrementSeconds: 6,
			prefix: '447',
			description: 'United Kingdom mobile',
			affordableMinutes: 4,
			paidBy: 'wallet',
			balance: '1.00',
			obstacle: { title: 'This country cannot be called', wayOut: expect.any(String) }
		});
	});

	it('given no rate for it, when a number is asked for, then the default answers', async () => {
		expect(await estimate({ minutes: 7, dollars: '0.30' }, '(415) 555-2671')).toMatchObject({
			to: '+14155552671',
			ratePerMinute: '0.100000',
			prefix: '',
			description: 'Default rate',
			affordableMinutes: 10,
			paidBy: 'minutes'
		});
	});

	it('given nothing to pay with, then it says so, and names an overdraft that would', async () => {
		expect(await estimate({}, '+442071838750')).toMatchObject({
			affordableMinutes: 0,
			paidBy: null
		});
		const { id, agent } = await house.createTenant();
		await house.sql`update organizations set overdraft_amount = 1 where id = ${id}`;
		const input = { phone: '+442071838750' };
		expect(await estimateCall({ ctx: house.as(agent), input })).toMatchObject({
			affordableMinutes: 0,
			paidBy: 'overdraft'
		});
	});

	it.each([
		['a premium number', '+44 9098790000', 'This number is never called', ''],
		['a country that is not allowed', '+91 98765 43210', 'This country cannot be called', ''],
		['a price above the limit', '+447400123456', 'Too expensive to call', 'price_ceiling = 0.2'],
		['an organisation that is off', '+442071838750', 'Calling is switched off', 'off']
	])(
		'given %s, then it says what stands against a call before it is placed',
		async (_what, phone, title, change) => {
			const { id, agent } = await house.createTenant({ minutes: 9 });
			await house.sql`update organizations set country = 'GB', allowed_countries = '[]' where id = ${id}`;
			if (change.startsWith('price')) {
				await house.sql`update organizations set price_ceiling = 0.2 where id = ${id}`;
			}
			if (change === 'off') {
				await house.sql`update organization_call_minutes set is_active = false where organization_id = ${id}`;
			}
			const { obstacle } = await estimateCall({ ctx: house.as(agent), input: { phone } });
			expect(obstacle).toMatchObject({ title });
		}
	);

	it('given no phone number, then it is refused beside its field', async () => {
		await expect(estimate({}, '123')).rejects.toMatchObject({
			code: 'invalid',
			fields: { phone: 'phone is no phone number that can be called: "123".' }
		});
	});
});
