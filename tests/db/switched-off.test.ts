import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { placeCall } from '$lib/server/calls/place-call';
import { setActive } from '$lib/server/organizations/set-active';
import { House, newNumber } from '../support/house';
import { RecordingProvider } from '../support/house-provider';

/** It takes a call a second, so that those placed together wait for their turn. */
const provider = new RecordingProvider();
provider.capabilities.callsPerSecond = 1;

let house: House;
beforeAll(async () => {
	house = await House.open({ providers: { twilio: provider } });
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

describe('calls that wait for their turn with the provider', () => {
	it.each(['block_new', 'drain', 'cut_now'])(
		'given calls that were placed and wait, when the organisation is switched off (%s), then none of them is dialled any more and nothing is charged',
		async (policy) => {
			const tenant = await house.createTenant({ minutes: 100 });
			await house.sql`update organizations set deactivation_policy = ${policy} where id = ${tenant.id}`;
			const before = provider.created.length;
			const first = new Promise<void>((resolve) => {
				provider.answer = (request) => {
					resolve();
					return { kind: 'accepted', providerCallId: `CA${request.callId.replaceAll('-', '')}` };
				};
			});
			const placing = [1, 2, 3].map(() =>
				placeCall({ ctx: house.as(tenant.agent), input: { to: newNumber() } })
			);
			const outcomes = Promise.allSettled(placing);
			await first;
			await setActive({
				ctx: house.commandLine(),
				input: { organizationId: tenant.id, isActive: false }
			});
			const dialled = provider.created.length - before;
			const refused = (await outcomes).filter(({ status }) => status === 'rejected');

			expect(provider.created).toHaveLength(before + dialled);
			expect(dialled).toBeLessThan(3);
			expect(refused).toHaveLength(3 - dialled);
			for (const outcome of refused) {
				expect(outcome).toMatchObject({ reason: { code: 'organization_inactive' } });
			}
			const ended = await house.sql`
				select status, end_reason, billed_minutes from calls
				where organization_id = ${tenant.id} and ended_at is not null`;
			expect(ended).toEqual(
				refused.map(() => ({
					status: 'failed',
					end_reason: 'organization_inactive',
					billed_minutes: 0
				}))
			);
			expect(await house.credit(tenant.id)).toMatchObject({ used: 0, held: 3 * dialled });
		},
		60_000
	);
});
