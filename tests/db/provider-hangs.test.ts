/** A provider that hangs slows nobody else: no request waits for it, and no connection is kept for it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hangUpCall } from '$lib/server/calls/hang-up-call';
import { placeCall } from '$lib/server/calls/place-call';
import { getDashboard } from '$lib/server/dashboard/get-dashboard';
import type { CreateCallOutcome } from '$lib/server/providers/types';
import { House, newNumber, newSid, type Tenant } from '../support/house';
import { completedForm, post } from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

const CREATES = 50;
let house: House;
let provider: RecordingProvider;
let tenant: Tenant;

beforeAll(async () => {
	provider = new RecordingProvider();
	house = await House.open({
		providers: { twilio: provider },
		environment: { PROVIDER_TIMEOUT_SECONDS: '30' }
	});
	tenant = await house.createTenant({ minutes: 1_000 });
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

async function until(fits: () => boolean | Promise<boolean>): Promise<void> {
	const deadline = Date.now() + 20_000;
	while (!(await fits())) {
		if (Date.now() > deadline) throw new Error('It never came to that.');
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

describe('a provider that hangs', () => {
	it('given fifty creates without an answer, when pages, callbacks and hang-ups come, then they are served as ever, and at most twenty requests hang', async () => {
		const talking = await house.placeBound(tenant.id);
		const release: (() => void)[] = [];
		provider.answer = () =>
			new Promise<CreateCallOutcome>((resolve) =>
				release.push(() => resolve({ kind: 'accepted', providerCallId: newSid() }))
			);
		const ctx = house.as(tenant.agent);
		const dialled = Array.from({ length: CREATES }, () =>
			placeCall({ ctx, input: { to: newNumber() } })
		);
		await until(() => provider.created.length === 20);
		// All fifty are held and committed; twenty of them wait for the provider, thirty for a slot.
		await until(async () => (await house.credit(tenant.id))?.live === CREATES + 1);

		const pages = await Promise.all(
			Array.from({ length: 100 }, () => getDashboard({ ctx: house.as(tenant.manager) }))
		);
		expect(pages).toHaveLength(100);
		await hangUpCall({ ctx, input: { callId: talking.callId } });
		expect(provider.hungUp).toEqual([talking.sid]);
		const form = completedForm(talking.sid, house.clock.read() + 61_000, '61');
		expect((await post(house.services, form, talking)).body).toBe('applied');
		const inTransaction = await house.sql`
			select pid from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
		expect(inTransaction).toEqual([]);
		expect(provider.created).toHaveLength(20);

		for (let done = 0; done < CREATES; done++) {
			await until(() => release.length > 0);
			release.shift()?.();
		}
		const views = await Promise.all(dialled);
		expect(views.every((view) => view.placed)).toBe(true);
		expect(provider.created).toHaveLength(CREATES);
		provider.answer = () => ({ kind: 'accepted', providerCallId: newSid() });
	});
});
