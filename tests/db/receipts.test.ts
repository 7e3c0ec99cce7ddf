import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getCall } from '$lib/server/calls/get-call';
import { House } from '../support/house';
import { post, storyOf } from '../support/house-callbacks';

let house: House;
beforeAll(async () => {
	house = await House.open({ providers: {} });
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

describe('what a receipt says was set aside', () => {
	it.each([
		['minutes', { minutes: 100 }, ['3 0.000000', '1 0.000000', '2 0.000000', '0 0.000000']],
		['the wallet', { dollars: '10' }, ['0 0.300000', '0 0.100000', '0 0.200000', '0 0.000000']]
	] as const)(
		'given other calls of the same organisation and of another, when calls were paid by %s, then what went back is of that call alone',
		async (_name, credit, [whole, afterTwo, afterOne, none]) => {
			const admin = await house.createPerson('super_admin');
			const tenants = [await house.createTenant(credit), await house.createTenant(credit)];
			const returned: string[] = [];
			for (const [seconds] of [[61], [61], [5], [0], [170]] as const) {
				for (const tenant of tenants) {
					const call = await house.placeBound(tenant.id);
					for (const form of storyOf(call.sid, house.clock.read(), seconds)) {
						await post(house.services, form, call);
					}
					const input = { callId: call.callId };
					const { hold } = await getCall({ ctx: house.as(tenant.agent), input });
					expect((await getCall({ ctx: house.as(admin), input })).hold).toEqual(hold);
					returned.push(`${hold?.returnedMinutes} ${hold?.returnedAmount}`);
				}
			}
			const each = [afterTwo, afterTwo, afterOne, whole, none];
			expect(returned).toEqual(each.flatMap((one) => [one, one]));
		}
	);
});
