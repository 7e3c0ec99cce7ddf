import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '$lib/domain/lane/commands';
import { currentCursor } from '$lib/server/live/feed';
import type { Services } from '$lib/server/services';
import { House, newSid, placeCommand, type Tenant } from '../support/house';
import { completedForm, post, storyOf } from '../support/house-callbacks';
import { FeedReader, isEvent } from '../support/house-feed';
import { inTurn, openProcesses } from '../support/house-lanes';

let house: House;
let processes: Services[];
let far: Services;

beforeAll(async () => {
	house = await House.open({ providers: {} });
	processes = await openProcesses(house, 2);
	far = inTurn(processes, 1);
});
afterEach(async () => {
	expect(processes.map((services) => services.hub.size)).toEqual([0, 0]);
	await house.expectBooksToBalance();
});
afterAll(() => house.close());

async function headOf(organizationId: number): Promise<number> {
	const [row] = await house.sql<{ head: number }[]>`
		select live_seq::int as head from organization_call_minutes where organization_id = ${organizationId}`;
	return row?.head ?? -1;
}

function range(from: number, to: number): number[] {
	return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

async function liveThrough(tenant: Tenant, services: Services): Promise<void> {
	const call = await house.place(tenant.id, {}, services);
	const sid = newSid();
	for (const form of storyOf(sid, house.clock.read(), 61)) {
		await post(services, form, { callId: call.id });
	}
}

describe('the numbers of live events', () => {
	it('given random work of two processes on three organisations, when all is committed, then each is numbered without a gap', async () => {
		const tenants = await Promise.all([1, 2, 3].map(() => house.createTenant({ minutes: 100 })));
		const work = fc.array(
			fc.record({
				tenant: fc.nat(2),
				process: fc.nat(1),
				kind: fc.constantFrom('place', 'end', 'ring', 'allocate', 'on', 'off')
			}),
			{ minLength: 30, maxLength: 60 }
		);
		await fc.assert(
			fc.asyncProperty(work, async (steps) => {
				const calls = await Promise.all(
					tenants.map(async ({ id }) => {
						await house.allocate(id, 50);
						await house.services.lane.submit(commandOf('on', id));
						return house.placeBound(id);
					})
				);
				await Promise.all(
					steps.map(async ({ tenant, process, kind }) => {
						const services = inTurn(processes, process);
						const organizationId = inTurn(tenants, tenant).id;
						const { sid, callId } = inTurn(calls, tenant);
						const [, ringing] = storyOf(sid, house.clock.read(), 61);
						if (kind === 'ring' && ringing) return post(services, ringing, { callId });
						const final = completedForm(sid, house.clock.read() + 71_000, '61');
						if (kind === 'end') return post(services, final, { callId });
						return services.lane.submit(commandOf(kind, organizationId));
					})
				);
				await Promise.all(
					calls.map(({ sid, callId }) =>
						post(far, completedForm(sid, house.clock.read() + 71_000, '61'), { callId })
					)
				);
				for (const { id } of tenants) {
					const rows = await house.sql<{ seq: number }[]>`
						select seq::int as seq from live_events where organization_id = ${id} order by seq`;
					expect(rows.map((row) => row.seq)).toEqual(range(1, await headOf(id)));
				}
			}),
			{ numRuns: 6 }
		);
	});

	function commandOf(kind: string, organizationId: number): Command {
		const actor = { kind: 'command_line' } as const;
		if (kind === 'place') return placeCommand(organizationId);
		if (kind === 'on' || kind === 'off') {
			return { kind: 'set_active', organizationId, isActive: kind === 'on', policy: null, actor };
		}
		const grant = { minutes: 5, reason: 'random', priority: 100, expiresAtMs: null, actor };
		return { kind: 'allocate', allocationId: uuid(), organizationId, ...grant };
	}
});

describe('the feed of an organisation', () => {
	it('given a cursor, when a reader leaves after every item and comes back, then nothing is lost and nothing comes twice', async () => {
		const tenant = await house.createTenant({ minutes: 100 });
		await liveThrough(tenant, house.services);
		const head = await headOf(tenant.id);
		const seen: number[] = [];
		for (let cursor: string | null = 's0'; seen.length < head;) {
			const reader: FeedReader = new FeedReader({
				services: inTurn(processes, seen.length),
				organizationId: tenant.id,
				cursor
			});
			const entry = await reader.next();
			if (!entry || !isEvent(entry.item)) throw new Error('An event was expected.');
			seen.push(entry.item.seq);
			cursor = entry.id;
			await reader.leave();
		}
		expect(seen).toEqual(range(1, head));
	});

	it('given a reader with a backlog, when events are committed while it reads, then it sees each once and in order', async () => {
		const tenant = await house.createTenant({ minutes: 300 });
		await liveThrough(tenant, house.services);
		const reader = new FeedReader({
			services: house.services,
			organizationId: tenant.id,
			cursor: 's0'
		});
		const work = Promise.all(
			range(1, 20).map((index) => liveThrough(tenant, inTurn(processes, index)))
		);
		await reader.next();
		await work;
		const head = await headOf(tenant.id);
		await reader.untilSeq(tenant.id, head);
		expect(reader.marks).toEqual(range(1, head).map((seq) => `${tenant.id}:${seq}`));
		expect(reader.entries.map((entry) => entry.id)).toEqual(range(1, head).map((seq) => `s${seq}`));
		await reader.leave();
	});

	it('given a page and its cursor, when a call is placed between page and stream, then the stream begins with it', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const cursor = await currentCursor(house.services, tenant.id);
		const call = await house.place(tenant.id);
		const reader = new FeedReader({ services: far, organizationId: tenant.id, cursor });
		const entry = await reader.next();
		expect(entry?.item).toMatchObject({
			name: 'call:created',
			organizationId: tenant.id,
			payload: { id: call.id, status: 'initiated' }
		});
		await reader.leave();
	});

	it('given a subscriber in another process, when a call is settled here, then it is told there, with the minutes and metrics of after', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const stranger = await house.createTenant({ minutes: 10 });
		const reader = new FeedReader({ services: far, organizationId: tenant.id, cursor: 's0' });
		await reader.next();
		await liveThrough(stranger, house.services);
		await liveThrough(tenant, house.services);
		await reader.untilSeq(tenant.id, await headOf(tenant.id));
		const names = reader.events.map((event) => event.name);
		expect(names.filter((name) => name === 'call:updated').length).toBeGreaterThan(0);
		expect(reader.events.findLast((event) => event.name === 'call:updated')?.payload).toMatchObject(
			{
				status: 'completed',
				billedMinutes: 2
			}
		);
		const last = (name: string) => reader.events.findLast((event) => event.name === name)?.payload;
		expect(last('minutes:updated')).toMatchObject({ usedMinutes: 2, heldMinutes: 0, liveCalls: 0 });
		expect(last('metrics:updated')).toMatchObject({ total: 1, completed: 1, billedMinutes: 2 });
		expect(new Set(reader.events.map((event) => event.organizationId))).toEqual(
			new Set([tenant.id])
		);
		await reader.leave();
	});

	it('given a reader of another organisation, when a cursor of the wrong kind is sent, then it is told to resync and then goes on', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		for (const cursor of ['h5', 'nonsense', 's-1', '']) {
			const reader = new FeedReader({
				services: house.services,
				organizationId: tenant.id,
				cursor
			});
			const head = await headOf(tenant.id);
			expect(await reader.next()).toEqual({ id: `s${head}`, item: { name: 'resync' } });
			await reader.leave();
		}
	});
});

describe('a reader too far behind', () => {
	it('given more than five hundred missed events, when it comes back, then it is told to resync, and resumes from there', async () => {
		const tenant = await house.createTenant({ minutes: 2_000 });
		// As many calls at once as a new organisation may not place.
		await house.sql`update organizations set is_trusted = true where id = ${tenant.id}`;
		await Promise.all(range(1, 520).map(() => house.place(tenant.id)));
		const reader = new FeedReader({
			services: house.services,
			organizationId: tenant.id,
			cursor: 's0'
		});
		const head = await headOf(tenant.id);
		expect(await reader.next()).toEqual({ id: `s${head}`, item: { name: 'resync' } });
		await house.allocate(tenant.id, 1);
		await reader.untilSeq(tenant.id, head + 1);
		await reader.leave();
	});

	it('given a reader that stops reading, when more than it may queue is committed, then it is told to resync once and then goes on', async () => {
		const tenant = await house.createTenant({ minutes: 2_000 });
		// As many calls at once as a new organisation may not place.
		await house.sql`update organizations set is_trusted = true where id = ${tenant.id}`;
		const reader = new FeedReader({
			services: house.services,
			organizationId: tenant.id,
			cursor: `s${(await headOf(tenant.id)) - 1}`
		});
		await reader.next();
		await Promise.all(range(1, 520).map(() => house.place(tenant.id)));
		const entry = await reader.next();
		const head = await headOf(tenant.id);
		expect(entry).toEqual({ id: `s${head}`, item: { name: 'resync' } });
		await house.allocate(tenant.id, 1);
		expect((await reader.next())?.item).toMatchObject({ seq: head + 1 });
		await reader.leave();
	});
});

describe('readers that leave', () => {
	it('given thirty readers, when their signals abort, then every stream ends and nobody is subscribed', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const readers = range(1, 30).map(
			(index) =>
				new FeedReader({
					services: inTurn(processes, index),
					organizationId: index % 3 === 0 ? null : tenant.id
				})
		);
		const ends = readers.map((reader) => reader.next());
		expect(processes.map((services) => services.hub.size)).toEqual([15, 15]);
		for (const reader of readers) reader.cut();
		for (const end of await Promise.all(ends)) expect(end).toBeNull();
		expect(processes.map((services) => services.hub.size)).toEqual([0, 0]);
	});

	it('given a reader in the middle of its backlog, when it is let go, then nobody is subscribed', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		await liveThrough(tenant, house.services);
		const reader = new FeedReader({
			services: house.services,
			organizationId: tenant.id,
			cursor: 's0'
		});
		await reader.next();
		expect(house.services.hub.size).toBe(1);
		await reader.leave();
		expect(house.services.hub.size).toBe(0);
	});
});
