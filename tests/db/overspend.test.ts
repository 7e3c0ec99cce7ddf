/** How far calls can talk beyond their credit, over a thousand calls that all want to talk for hours. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { meterCalls } from '$lib/server/calls/meter-calls';
import type { ProviderAdapter } from '$lib/server/providers/types';
import { House } from '../support/house';
import { completedForm, post, statusForm } from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

const ORGANIZATIONS = 20;
const CALLS_EACH = 50;
/** The meter's own pace (jobs/worker.ts). */
const LOOK_SECONDS = 0.5;
/** From our hang-up to the end of the talk. */
const HANG_UP_SECONDS = 0.4;

interface Line {
	callId: string;
	sid: string;
	answeredAtMs: number;
	endsAtMs: number;
}

/** The network's side: it ends a call at its time limit, and after a hang-up unless it ignores those. */
class Network extends RecordingProvider implements ProviderAdapter {
	readonly lines = new Map<string, Line>();
	ignoresHangUps = false;
	nowMs = () => 0;

	override async setTimeLimit(sid: string, timeLimitSeconds: number): Promise<void> {
		const line = this.lines.get(sid);
		if (line) line.endsAtMs = line.answeredAtMs + timeLimitSeconds * 1000;
	}

	override async hangUp(sid: string): Promise<void> {
		const line = this.lines.get(sid);
		if (!line || this.ignoresHangUps) return;
		line.endsAtMs = Math.min(line.endsAtMs, this.nowMs() + HANG_UP_SECONDS * 1000);
	}
}

let house: House;
let network: Network;

beforeAll(async () => {
	network = new Network();
	house = await House.open({ providers: { twilio: network } });
	network.nowMs = house.clock.read;
});
beforeEach(() => network.lines.clear());
afterAll(() => house.close());

interface Talk {
	/** Seconds talked beyond what was held; negative when it held more. */
	beyond: number;
	is_owed: boolean;
	/** Its minutes and dollars, paid or owed, account for all of its talk and its whole price. */
	is_told: boolean;
	is_priced: boolean;
}

/** Every call is answered and talks until the network ends it. */
async function talkUntilCut(): Promise<Talk[]> {
	const organizationIds: number[] = [];
	for (let index = 0; index < ORGANIZATIONS; index++) {
		// Minutes for some, dollars for some, both for the rest: little enough that all run dry soon.
		const minutes = index % 3 === 1 ? 0 : 60 + index;
		const dollars = index % 3 === 0 ? undefined : `${6 + index}.00`;
		organizationIds.push((await house.createTenant({ minutes, dollars })).id);
	}
	await Promise.all(
		organizationIds.flatMap((id) => Array.from({ length: CALLS_EACH }, () => connect(id)))
	);
	while (network.lines.size > 0) {
		house.clock.advanceSeconds(LOOK_SECONDS);
		await endDueLines();
		await meterCalls({ ctx: house.commandLine() });
	}
	await house.expectBooksToBalance();
	return house.sql<Talk[]>`
		select c.duration - h.held_minutes * 60 - h.wallet_seconds - h.overdraft_seconds as beyond,
			d.id is not null as is_owed,
			c.duration <= coalesce(u.minutes, 0) * 60 + coalesce(d.minutes, 0) * 60 + c.wallet_seconds as is_told,
			c.cost = coalesce(t.paid, 0) + coalesce(d.amount, 0) as is_priced
		from calls c join credit_holds h on h.call_id = c.id left join debts d on d.call_id = c.id
		left join lateral (select sum(minutes_consumed) as minutes from call_minutes_usage_log
			where call_id = c.id::text) u on true
		left join lateral (select sum(amount) as paid from balance_transactions
			where call_id = c.id and metadata->>'kind' = 'call') t on true
		where c.organization_id in ${house.sql(organizationIds)}`;
}

async function connect(organizationId: number): Promise<void> {
	const { callId, sid } = await house.placeBound(organizationId, { estimateMinutes: 1 });
	const { time_limit_seconds: limit } = await house.callRow(callId);
	const answeredAtMs = house.clock.read();
	network.lines.set(sid, {
		callId,
		sid,
		answeredAtMs,
		endsAtMs: answeredAtMs + Number(limit) * 1000
	});
	const form = statusForm({ sid, status: 'in-progress', sequence: 2, atMs: answeredAtMs });
	await post(house.services, form, { callId });
}

async function endDueLines(): Promise<void> {
	const nowMs = house.clock.read();
	const due = [...network.lines.values()].filter((line) => line.endsAtMs <= nowMs);
	for (const { sid } of due) network.lines.delete(sid);
	await Promise.all(
		due.map(({ sid, callId, answeredAtMs, endsAtMs }) => {
			// The provider counts whole seconds, upwards.
			const seconds = Math.ceil((endsAtMs - answeredAtMs) / 1000);
			return post(house.services, completedForm(sid, endsAtMs, String(seconds)), { callId });
		})
	);
}

function expectAllToldOf(talks: Talk[]): void {
	expect(talks).toHaveLength(ORGANIZATIONS * CALLS_EACH);
	expect(talks.filter(({ is_told, is_priced }) => !is_told || !is_priced)).toEqual([]);
}

describe('a thousand calls that talk until they are ended', () => {
	it('given a network that obeys, when credit runs out, then none talks two seconds beyond it and nobody owes', async () => {
		network.ignoresHangUps = false;
		const talks = await talkUntilCut();
		expectAllToldOf(talks);
		expect(Math.max(...talks.map(({ beyond }) => beyond))).toBeLessThan(2);
		expect(talks.filter((talk) => talk.is_owed)).toEqual([]);
	}, 120_000);

	it('given a network that ignores hang-ups, when credit runs out, then none talks more than a slice beyond it, and it is owed', async () => {
		network.ignoresHangUps = true;
		const talks = await talkUntilCut();
		expectAllToldOf(talks);
		const worst = Math.max(...talks.map(({ beyond }) => beyond));
		expect(worst).toBeGreaterThan(0);
		expect(worst).toBeLessThanOrEqual(60);
		expect(talks.filter(({ is_owed }) => is_owed).length).toBeGreaterThan(0);
	}, 120_000);
});
