import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Services } from '$lib/server/services';
import { House, type Tenant } from '../support/house';
import { FeedReader, isEvent } from '../support/house-feed';
import { inTurn, openProcesses } from '../support/house-lanes';

let house: House;
let processes: Services[];

beforeAll(async () => {
	house = await House.open({ providers: {} });
	processes = await openProcesses(house, 2);
});
afterAll(() => house.close());

const KILLS = 200;

async function commit(tenant: Tenant, isActive: boolean, services: Services): Promise<void> {
	await services.lane.submit({
		kind: 'set_active',
		organizationId: tenant.id,
		isActive,
		policy: null,
		actor: { kind: 'command_line' }
	});
}

async function payloadsOf(tenant: Tenant): Promise<unknown[]> {
	const rows = await house.sql`
		select seq::int, name, payload from live_events where organization_id = ${tenant.id} order by seq`;
	return [...rows];
}

describe('a stream that is cut at any moment', () => {
	it(`given a reader killed ${KILLS} times, when it resumes at either process each time, then it has heard what the database has, once and in order`, async () => {
		const tenant = await house.createTenant({ minutes: 100 });
		const random = fc.sample(
			fc.record({
				commits: fc.integer({ min: 0, max: 3 }),
				reads: fc.integer({ min: 0, max: 4 }),
				process: fc.integer({ min: 0, max: 1 })
			}),
			{ numRuns: KILLS, seed: 7 }
		);
		const heard: unknown[] = [];
		let cursor: string | null = 's0';
		let isActive = true;
		const read = async (reader: FeedReader, most: number, head: number): Promise<void> => {
			for (let n = 0; n < most && heard.length < head; n++) {
				const entry = await reader.next();
				if (!entry || !isEvent(entry.item)) throw new Error('An event was expected.');
				const { seq, name, payload } = entry.item;
				heard.push({ seq, name, payload });
				cursor = entry.id;
			}
		};
		for (const [index, { commits, reads, process }] of random.entries()) {
			const services = inTurn(processes, process);
			const reader = new FeedReader({ services, organizationId: tenant.id, cursor });
			for (let n = 0; n < commits; n++) {
				isActive = !isActive;
				await commit(tenant, isActive, inTurn(processes, index + n));
			}
			await read(reader, reads, (await payloadsOf(tenant)).length);
			await reader.leave();
		}
		const all = await payloadsOf(tenant);
		const last = new FeedReader({ services: house.services, organizationId: tenant.id, cursor });
		await read(last, Infinity, all.length);
		await last.leave();
		expect(heard).toEqual(all);
		expect(processes.map(({ hub }) => hub.size)).toEqual([0, 0]);
	});
});

describe('a client that does not read', () => {
	/** What it may cost the process it stalls at. */
	const BYTES_MAX = 256 * 1024;

	it('given thousands of events, when one stalls, then it holds less than 256 KB and the next one hears all', async () => {
		setFlagsFromString('--expose-gc');
		const collect = runInNewContext('gc') as () => void; // what the flag puts there
		const tenant = await house.createTenant({ minutes: 100 });
		const [row] = await house.sql<{ head: number }[]>`
			select live_seq::int as head from organization_call_minutes where organization_id = ${tenant.id}`;
		const head = row?.head ?? 0;
		const stalled = new FeedReader({ services: house.services, organizationId: tenant.id });
		// Its stream has begun, and from then on nobody pulls.
		const first = stalled.next();
		const eventOf = (seq: number) => ({
			organizationId: tenant.id,
			seq,
			name: 'minutes:updated' as const,
			payload: {
				// One of many things, so that none makes another old.
				id: seq,
				organizationId: tenant.id,
				organizationName: `${'Name '.repeat(80)}${seq}`,
				isActive: true,
				...{ totalMinutes: seq, usedMinutes: 0, heldMinutes: 0, remainingMinutes: seq },
				...{ debtMinutes: 0, liveCalls: 0, version: seq }
			}
		});
		house.services.hub.publish([eventOf(head + 1)]);
		await first;
		collect();
		const before = process.memoryUsage().heapUsed;
		for (let n = 2; n <= 4_000; n++) house.services.hub.publish([eventOf(head + n)]);
		collect();
		expect(process.memoryUsage().heapUsed - before).toBeLessThan(BYTES_MAX);

		const attentive = new FeedReader({ services: house.services, organizationId: tenant.id });
		const next = attentive.next();
		house.services.hub.publish([eventOf(head + 4_001)]);
		expect(await next).toMatchObject({ item: { seq: head + 4_001 } });
		await attentive.leave();
		await stalled.leave();
	});

	it('given many events of one thing, when a client is slow, then it is told the newest of it and needs no resync', async () => {
		const tenant = await house.createTenant({ minutes: 100 });
		const reader = new FeedReader({ services: house.services, organizationId: tenant.id });
		const first = reader.next();
		await commit(tenant, false, house.services);
		await first;
		for (let n = 0; n < 400; n++) await commit(tenant, n % 2 === 0, house.services);
		const all = await payloadsOf(tenant);
		const heard: number[] = [];
		while (heard.at(-1) !== all.length) {
			const entry = await reader.next();
			if (!entry || !isEvent(entry.item)) throw new Error('An event was expected.');
			heard.push(entry.item.seq);
		}
		expect(heard.length).toBeLessThan(all.length / 2);
		expect(heard).toEqual([...heard].sort((one, other) => one - other));
		await reader.leave();
	});
});
