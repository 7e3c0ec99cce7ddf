import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CallEvent, CallFacts } from '$lib/domain/call/event';
import type { Services } from '$lib/server/services';
import { House } from '../support/house';
import { completedForm, post } from '../support/house-callbacks';
import { inTurn, openProcesses, tally } from '../support/house-lanes';

let house: House;
let processes: Services[];

beforeAll(async () => {
	house = await House.open({ providers: {} });
	processes = await openProcesses(house, 4, 2);
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

function factsOf(sid: string, callId: string | null, facts: CallFacts): CallEvent {
	return {
		provider: 'twilio',
		providerCallId: sid,
		kind: 'facts',
		facts,
		callId,
		status: null,
		rawStatus: '',
		endReason: null,
		occurredAtMs: null,
		talkSeconds: null,
		problems: []
	};
}

function tell(event: CallEvent, services = house.services, dedupeKey: string = uuid()) {
	const deliveryId = uuid();
	return services.lane.submit({ kind: 'apply_delivery', deliveryId, dedupeKey, body: {}, event });
}

const recording = (key: string, part: Partial<NonNullable<CallFacts['recording']>> = {}) => ({
	recording: {
		key,
		url: `https://x/${key}`,
		state: 'completed',
		seconds: 61,
		channels: 2,
		...part
	} as const
});

async function ended() {
	const { id } = await house.createTenant({ minutes: 10 });
	const { callId, sid } = await house.placeBound(id);
	await post(house.services, completedForm(sid, house.clock.read(), '61'), { callId });
	return { id, callId, sid };
}

async function keptOf(callId: string) {
	const [call] = await house.sql`
		select status, duration, billed_minutes, trim_scale(provider_cost)::text as cost, cost_state, answered_by
		from calls where id = ${callId}`;
	const recordings = await house.sql`
		select key, state, seconds, channels, source_url from recordings where call_id = ${callId} order by key`;
	const [words] = await house.sql`
		select transcript, summary from call_transcripts where call_id = ${callId}`;
	return { call, recordings: [...recordings], words };
}

describe('facts of a call that has ended', () => {
	it('given everything a provider can tell, when it comes late, then it is kept, no status moves and no money', async () => {
		const { id, callId, sid } = await ended();
		const before = await house.credit(id);
		const results = [
			await tell(factsOf(sid, null, { cost: { amount: '0.028', currency: 'USD' } })),
			await tell(factsOf(sid, null, { answeredBy: 'machine' })),
			await tell(factsOf('CA-another-leg', callId, recording('RE1'))),
			await tell(factsOf(sid, null, { transcript: 'hello', summary: 'a greeting' }))
		];
		expect(tally(results.map(({ kind }) => kind))).toEqual({ applied: 4 });
		expect(await keptOf(callId)).toEqual({
			call: {
				status: 'completed',
				duration: 61,
				billed_minutes: 2,
				cost: '0.028',
				cost_state: 'known',
				answered_by: 'machine'
			},
			recordings: [
				{ key: 'RE1', state: 'pending', seconds: 61, channels: 2, source_url: 'https://x/RE1' }
			],
			words: { transcript: 'hello', summary: 'a greeting' }
		});
		expect(await house.credit(id)).toEqual(before);
		const events =
			await house.sql`select raw_status from call_status_events where call_id = ${callId}`;
		expect(events).toHaveLength(2);
	});

	it('given any facts, when they come in any order, any number of times, through four processes, then the same is kept', async () => {
		const story: CallFacts[] = [
			recording('RE1', { state: 'in_progress', seconds: null }),
			recording('RE1'),
			recording('RE2', { state: 'absent', seconds: null }),
			{ answeredBy: 'unknown' },
			{ answeredBy: 'human' },
			{ cost: { amount: '0.028', currency: 'USD' } },
			{ transcript: 'hello' },
			{ summary: 'a greeting' },
			{}
		];
		const inOrder = await ended();
		for (const facts of story) await tell(factsOf(inOrder.sid, null, facts));
		const expected = await keptOf(inOrder.callId);
		expect(expected.recordings).toMatchObject([
			{ key: 'RE1', state: 'pending' },
			{ key: 'RE2', state: 'absent' }
		]);
		const orders = fc
			.array(fc.nat(story.length - 1), { maxLength: 6 })
			.chain((again) =>
				fc.shuffledSubarray([...story.keys(), ...again], { minLength: story.length + again.length })
			);
		await fc.assert(
			fc.asyncProperty(orders, async (order) => {
				const { callId, sid } = await ended();
				await Promise.all(
					order.map((index, turn) =>
						tell(factsOf(sid, null, story[index] ?? {}), inTurn(processes, turn), `${sid}:${index}`)
					)
				);
				expect(await keptOf(callId)).toEqual(expected);
			}),
			{ numRuns: 15 }
		);
	});

	it('given a recording that was stored or deleted, when it is told of again, then it stays so', async () => {
		const { callId, sid } = await ended();
		await tell(factsOf(sid, null, recording('RE1')));
		await tell(factsOf(sid, null, recording('RE2')));
		await house.sql`update recordings set state = 'stored', storage_key = 'k', attempts = 1 where key = 'RE1' and call_id = ${callId}`;
		await house.sql`update recordings set state = 'failed', attempts = 5 where key = 'RE2' and call_id = ${callId}`;
		await tell(factsOf(sid, null, recording('RE1')));
		await tell(factsOf(sid, null, recording('RE2')));
		expect((await keptOf(callId)).recordings).toMatchObject([
			{ key: 'RE1', state: 'stored' },
			{ key: 'RE2', state: 'failed' }
		]);
	});

	it('given a recording of one tenant, when it is put on a call of another, then the database refuses it', async () => {
		const mine = await ended();
		const theirs = await ended();
		await expect(
			house.sql`insert into recordings (organization_id, call_id, provider, key, source_url, state)
				values (${mine.id}, ${theirs.callId}, 'twilio', 'RE9', 'u', 'pending')`
		).rejects.toMatchObject({ constraint_name: 'recordings_call_same_tenant' });
	});
});

describe('facts that come first', () => {
	it('given facts of a call nobody knows yet, when its id is bound, then they are kept with it', async () => {
		const { id } = await house.createTenant({ minutes: 10 });
		const sid = `CA${uuid()}`;
		expect((await tell(factsOf(sid, null, { answeredBy: 'machine' }))).kind).toBe('unmatched');
		const call = await house.place(id);
		await house.services.lane.submit({
			kind: 'bind_provider_call',
			callId: call.id,
			provider: 'twilio',
			providerCallId: sid
		});
		expect((await keptOf(call.id)).call).toMatchObject({
			status: 'initiated',
			answered_by: 'machine'
		});
	});
});
