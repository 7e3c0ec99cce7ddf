import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DatabaseClient } from '$lib/server/db/client';
import { currentCursor } from '$lib/server/live/feed';
import { LiveHub } from '$lib/server/live/hub';
import { openFeed } from '$lib/server/live/open-feed';
import { readOrganizationSince } from '$lib/server/live/read-since';
import type { Services } from '$lib/server/services';
import { House, type Tenant } from '../support/house';
import { FeedReader, type ReaderOptions } from '../support/house-feed';
import { inTurn, openProcesses } from '../support/house-lanes';

let house: House;
let processes: Services[];
let far: Services;
let tenants: Tenant[];
const readers: FeedReader[] = [];

beforeAll(async () => {
	house = await House.open({ providers: {} });
	processes = await openProcesses(house, 2);
	far = inTurn(processes, 1);
});
beforeEach(async () => {
	tenants = await Promise.all([1, 2, 3, 4].map(() => house.createTenant({ minutes: 100 })));
});
afterEach(async () => {
	vi.useRealTimers();
	for (const reader of readers.splice(0)) await reader.leave();
	expect(processes.map((services) => services.hub.size)).toEqual([0, 0]);
	await house.expectBooksToBalance();
});
afterAll(() => house.close());

async function headOf(organizationId: number): Promise<number> {
	const [row] = await house.sql<{ head: number }[]>`
		select live_seq::int as head from organization_call_minutes where organization_id = ${organizationId}`;
	return row?.head ?? -1;
}

/** Left again after the test, whatever became of it. */
function openReader(options: ReaderOptions): FeedReader {
	const reader = new FeedReader(options);
	readers.push(reader);
	return reader;
}

/** Every event of the fleet after a cursor of ours, `organisation:sequence`. */
async function marksSince(cursor: string): Promise<Set<string>> {
	const rows = await house.sql<{ mark: string }[]>`
		select organization_id || ':' || seq as mark from live_events
		where transaction_id >= ${cursor.slice(1)}::text::xid8`;
	return new Set(rows.map((row) => row.mark));
}

async function placeEverywhere(): Promise<void> {
	for (const [index, { id }] of tenants.entries()) {
		await house.place(id, {}, inTurn(processes, index));
	}
}

/** Reads until it has them all; what comes again is known by organisation and sequence. */
async function readAll(reader: FeedReader, wanted: Set<string>): Promise<void> {
	while (![...wanted].every((mark) => reader.marks.includes(mark))) {
		if ((await reader.next()) === null) throw new Error('The stream ended.');
	}
}

describe('the feed of the fleet', () => {
	it('given a super admin in one process, when two processes place calls, then all are told, each organisation in order', async () => {
		const cursor = await currentCursor(far, null);
		const reader = openReader({ services: far, organizationId: null, cursor });
		await placeEverywhere();
		await placeEverywhere();
		await readAll(reader, await marksSince(cursor));
		for (const { id } of tenants) {
			const seqs = reader.events
				.filter((event) => event.organizationId === id)
				.map(({ seq }) => seq);
			expect(seqs).toEqual([...new Set(seqs)].sort((first, second) => first - second));
		}
	});

	it('given a backlog, when the reader leaves after its first item and comes back with that id, then nothing is lost', async () => {
		const cursor = await currentCursor(house.services, null);
		await placeEverywhere();
		const wanted = await marksSince(cursor);
		// A process that starts now has heard of everything.
		const services = await house.openServices();
		const first = openReader({ services, organizationId: null, cursor });
		await first.next();
		await first.leave();
		const reread = await marksSince(first.lastId ?? '');
		const lost = [...wanted].filter((mark) => !first.marks.includes(mark) && !reread.has(mark));
		expect(lost).toEqual([]);
		const second = openReader({ services, organizationId: null, cursor: first.lastId });
		await readAll(second, new Set([...wanted].filter((mark) => !first.marks.includes(mark))));
		await second.leave();
	});

	it('given events waiting for a slow reader, when it leaves after the first of them and comes back, then nothing is lost', async () => {
		const cursor = await currentCursor(house.services, null);
		const reader = openReader({ services: house.services, organizationId: null, cursor });
		const pending = reader.next();
		const allTold = untilTold(house.services, inTurn(tenants, 3).id);
		await placeEverywhere();
		await pending;
		await allTold;
		await reader.next();
		const reread = await marksSince(reader.lastId ?? '');
		const wanted = await marksSince(cursor);
		const lost = [...wanted].filter((mark) => !reader.marks.includes(mark) && !reread.has(mark));
		expect(lost).toEqual([]);
	});

	it('given an event of another process not yet told here, when an own event is told, then its cursor still covers the other', async () => {
		const [near, other] = [inTurn(tenants, 0), inTurn(tenants, 1)];
		const { database, log } = house.services;
		const slow = slowAtEvents(database);
		const hub = new LiveHub(slow.database, log);
		await hub.follow();
		const horizons: string[] = [];
		const [nearHead, otherHead] = [await headOf(near.id), await headOf(other.id)];
		hub.subscribe({ organizationId: near.id, push: () => horizons.push(hub.fleetHorizon) });

		slow.hold();
		await house.place(other.id, {}, far);
		// Its tail read has read the horizon, and waits for the other's events.
		await slow.isHeld;
		await house.place(near.id);
		hub.publish(await readOrganizationSince(database, near.id, nearHead, 10));
		const covered = await marksSince(`h${horizons[0]}`);
		const events = await readOrganizationSince(database, other.id, otherHead, 10);
		slow.letGo();
		await hub.close();
		expect(events.length).toBeGreaterThan(0);
		expect(events.filter(({ seq }) => !covered.has(`${other.id}:${seq}`))).toEqual([]);
	});
});

/** Resolves when a process has told the credit of an organisation. */
function untilTold(services: Services, organizationId: number): Promise<void> {
	return new Promise((resolve) => {
		const unsubscribe = services.hub.subscribe({
			organizationId,
			push(event) {
				if (event.name !== 'minutes:updated') return;
				unsubscribe();
				resolve();
			}
		});
	});
}

/** The same database, whose answers about live events can be held back. */
function slowAtEvents(database: DatabaseClient) {
	let isHolding = false;
	let letGo: () => void = () => {};
	let noteHeld: () => void = () => {};
	const gate = new Promise<void>((resolve) => (letGo = resolve));
	const isHeld = new Promise<void>((resolve) => (noteHeld = resolve));
	const dialect = new PgDialect();
	const db = new Proxy(database.db, {
		get(target, name) {
			if (name !== 'execute') return Reflect.get(target, name);
			return async (query: SQL) => {
				if (isHolding && dialect.sqlToQuery(query).sql.includes('from live_events')) {
					noteHeld();
					await gate;
				}
				return target.execute(query);
			};
		}
	});
	return { database: { ...database, db }, hold: () => (isHolding = true), isHeld, letGo };
}

describe('a stream and its right to be read', () => {
	it('given a signed-in agent, when the account is disabled, then the stream ends at the next check', async () => {
		vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
		const tenant = inTurn(tenants, 0);
		const controller = new AbortController();
		const stream = openFeed({
			ctx: house.as(tenant.agent),
			input: { scope: 'organization' },
			signal: controller.signal
		});
		const pending = stream.next();
		await house.sql`update users set disabled_at = now() where id = ${tenant.agent.userId}`;
		await vi.advanceTimersByTimeAsync(15_000);
		expect((await pending).done).toBe(true);
	});

	it('given a check that cannot reach the database, when it fails, then the stream and the process live on', async () => {
		vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
		const tenant = inTurn(tenants, 0);
		let checks = 0;
		const reader = openReader({
			services: house.services,
			organizationId: tenant.id,
			isStillAllowed: async () => {
				if (++checks === 1) throw new Error('connect ECONNREFUSED');
				return true;
			}
		});
		const pending = reader.next();
		await vi.advanceTimersByTimeAsync(30_000);
		expect(checks).toBe(2);
		await house.allocate(tenant.id, 1);
		expect((await pending)?.item).toMatchObject({ name: 'minutes:updated' });
	});
});
