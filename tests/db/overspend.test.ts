/**
 * How far calls can talk beyond their credit: they all want to talk for hours, through the real adapter
 * and the sandbox. App and sandbox share one clock, which moves only when the test says so.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { actOnLook, lookAtSlices } from '$lib/server/calls/meter-calls';
import { seededFraction } from '../../src/sandbox/random';
import type { Tenant } from '../support/house';
import { SandboxHouse, STANDING } from '../support/house-sandbox';

const ORGANIZATIONS = 20;
const DIALLED_A_LOOK = 50;
const TALK_WISHED_SECONDS = 7_200;
/** The meter looks every half second (jobs/worker.ts); an order takes most of it to arrive. */
const HANG_UP_MS = 400;
const REST_OF_LOOK_MS = 100;
/** The least that is held for more talk. */
const SLICE_SECONDS = 60;

let room: SandboxHouse;
/** When the sandbox's clock stood at zero. */
let startedAtMs: number;

beforeAll(async () => {
	// Only dates: what waits for answers waits as ever.
	vi.useFakeTimers({ toFake: ['Date'] });
	room = await SandboxHouse.open({ timeoutSeconds: 20 });
	room.sandbox.control.context.clock.setSpeed(STANDING);
	startedAtMs = Date.now() - room.sandbox.control.context.clock.nowMs();
});
afterEach(() => room.sandbox.control.reset());
afterAll(async () => {
	vi.useRealTimers();
	await room.close();
});

/** Moves the one clock. Resolves when all that fell due has happened and was heard of. */
async function pass(milliseconds: number): Promise<void> {
	const { clock, callbacks } = room.sandbox.control.context;
	clock.advance(milliseconds);
	vi.setSystemTime(startedAtMs + clock.nowMs());
	await new Promise<void>((resolve) => clock.schedule(clock.nowMs(), () => resolve()));
	do await new Promise((resolve) => setImmediate(resolve));
	while (callbacks.counters.inFlight > 0);
}

interface Talk {
	organization_id: number;
	/** Seconds talked beyond what was held; negative when it held more. */
	beyond: number;
	is_owed: boolean;
	/** Its minutes and dollars, paid or owed, account for all of its talk and its whole price. */
	is_told: boolean;
	is_priced: boolean;
}

/** Every call is answered at a moment of its own and talks until the network ends it. */
async function talkUntilCut(callsEach: number): Promise<Talk[]> {
	const tenants: Tenant[] = [];
	for (let index = 0; index < ORGANIZATIONS; index++) {
		// Minutes for some, dollars for some, both for the rest: little enough that all run dry soon.
		const covered = Math.ceil(callsEach * 1.6) + (index % 5);
		const minutes = [covered, 0, callsEach][index % 3];
		const dollars = [undefined, `${covered / 10}`, `${(covered - callsEach) / 10}`][index % 3];
		tenants.push(await room.house.createTenant({ minutes, dollars }));
	}
	const organizationIds = tenants.map(({ id }) => id);
	const toDial = Array.from({ length: callsEach }, () => tenants).flat();
	let dialled = 0;
	do {
		const ctx = room.house.commandLine();
		const look = await lookAtSlices({ ctx });
		const dialAtMs = Math.floor(seededFraction('overspend', dialled) * HANG_UP_MS);
		await pass(dialAtMs);
		const next = toDial.splice(0, DIALLED_A_LOOK);
		dialled += next.length;
		await Promise.all(
			next.map((tenant) => room.dial(tenant, '61', undefined, { estimatedDurationMinutes: 1 }))
		);
		await pass(HANG_UP_MS - dialAtMs);
		await actOnLook(ctx, look);
		await pass(REST_OF_LOOK_MS);
	} while (toDial.length > 0 || (await countLive(organizationIds)) > 0);
	await room.house.expectBooksToBalance();
	return room.house.sql<Talk[]>`
		select c.organization_id,
			c.duration - h.held_minutes * 60 - h.wallet_seconds - h.overdraft_seconds as beyond,
			d.id is not null as is_owed,
			c.duration <= coalesce(u.minutes, 0) * 60 + coalesce(d.minutes, 0) * 60 + c.wallet_seconds as is_told,
			c.cost = coalesce(t.paid, 0) + coalesce(d.amount, 0) as is_priced
		from calls c join credit_holds h on h.call_id = c.id left join debts d on d.call_id = c.id
		left join lateral (select sum(minutes_consumed) as minutes from call_minutes_usage_log
			where call_id = c.id::text) u on true
		left join lateral (select sum(amount) as paid from balance_transactions
			where call_id = c.id and metadata->>'kind' = 'call') t on true
		where c.organization_id in ${room.house.sql(organizationIds)}`;
}

async function countLive(organizationIds: number[]): Promise<number> {
	const [row] = await room.house.sql`
		select sum(live_calls)::int as live from organization_call_minutes
		where organization_id in ${room.house.sql(organizationIds)}`;
	return Number(row?.live);
}

function expectAllToldOf(talks: Talk[]): void {
	expect(talks.filter(({ is_told, is_priced }) => !is_told || !is_priced)).toEqual([]);
}

describe('calls that talk until they are ended', () => {
	it('given a network that obeys, when credit runs out, then none talks two seconds beyond it and nobody owes', async () => {
		room.sandbox.control.context.faults.add({ talkSeconds: TALK_WISHED_SECONDS });
		const talks = await talkUntilCut(15);
		expect(talks).toHaveLength(300);
		expectAllToldOf(talks);
		expect(Math.max(...talks.map(({ beyond }) => beyond))).toBeLessThan(2);
		expect(talks.filter((talk) => talk.is_owed)).toEqual([]);
	}, 240_000);

	it('given a network that ignores hang-ups, when credit runs out, then the worst talks a slice beyond it, and all of that is owed', async () => {
		room.sandbox.control.context.faults.add({
			talkSeconds: TALK_WISHED_SECONDS,
			ignoreHangUp: true
		});
		const talks = await talkUntilCut(50);
		expect(talks).toHaveLength(1_000);
		expectAllToldOf(talks);
		const overran = talks.filter(({ beyond }) => beyond > 0);
		expect(Math.max(...overran.map(({ beyond }) => beyond))).toBe(SLICE_SECONDS);
		expect(overran.length).toBeGreaterThan(talks.length / 2);
		expect(talks.filter(({ is_owed }) => is_owed)).toEqual(overran);
	}, 240_000);
});
