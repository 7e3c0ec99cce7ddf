import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import real from '../../../../../tests/fixtures/bolna/execution.completed.real.2025-11.json';
import short from '../../../../../tests/fixtures/bolna/execution.completed.docs_short.json';
import statuses from '../../../../../tests/fixtures/bolna/status_enum.json';
import type { JsonObject } from '$lib/domain/json';
import { isTerminal } from '$lib/domain/call/status';
import { CALL_ID_VARIABLE, readCallResource, readWebhook } from './read';

const CALL_ID = '0190a6f0-7c1e-7cc3-98c4-dc0c0c07398f';
const SETTINGS = { currency: 'USD' };
const read = (body: JsonObject) => readWebhook(body, SETTINGS);

function without(body: JsonObject, ...names: string[]): JsonObject {
	return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

describe('given the real and documented bodies', () => {
	it('when the real one is read, then a started second counts and cents are dollars', () => {
		expect(read(real)).toEqual({
			dedupeKey: '7e8391e5-0000-4d3b-8ddd-dfe255c71848:completed:',
			event: {
				provider: 'bolna',
				providerCallId: '7e8391e5-0000-4d3b-8ddd-dfe255c71848',
				kind: 'status',
				facts: {
					cost: { amount: '0.035400', currency: 'USD' },
					transcript: real.transcript.trim(),
					recording: {
						key: real.telephony_data.recording_url,
						url: real.telephony_data.recording_url,
						state: 'completed',
						seconds: null,
						channels: null
					}
				},
				callId: null,
				status: 'completed',
				rawStatus: 'completed',
				endReason: null,
				occurredAtMs: Date.parse('2025-11-19T08:49:25Z'),
				talkSeconds: 25,
				problems: []
			}
		});
	});

	it('when the short one is read, then its whole seconds stay whole', () => {
		expect(read(short).event).toMatchObject({
			talkSeconds: 16,
			facts: { cost: { amount: '0.032300' } },
			occurredAtMs: null,
			problems: []
		});
	});

	it('when REST gives the same body, then it is read the same', () => {
		expect(readCallResource(real, SETTINGS)).toEqual(read(real).event);
	});

	it.each(statuses.execution)(
		'when the status is $status, then it ends the call only if Bolna says so ($kind)',
		({ status, kind }) => {
			const ours = read({ ...real, status }).event.status;
			expect(ours).not.toBeNull();
			expect(ours !== null && isTerminal(ours)).toBe(kind === 'terminal');
		}
	);
});

const REASON = 'provider_error: Call recipient hungup';
// PROVIDERS.md section 5, column Bolna, and the table of the providers issue.
const WORDS: [string, string | null, string | null][] = [
	['initiated', 'initiated', null],
	['queued', 'initiated', null],
	['scheduled', 'initiated', null],
	['prepared', 'initiated', null],
	['rescheduled', 'initiated', null],
	['ringing', 'ringing', null],
	['answered', 'in_progress', null],
	['in-progress', 'in_progress', null],
	['in_progress', 'in_progress', null],
	['ongoing', 'in_progress', null],
	['connected', 'in_progress', null],
	['call-disconnected', 'in_progress', null],
	['completed', 'completed', null],
	['ended', 'completed', null],
	['finished', 'completed', null],
	['busy', 'failed', 'busy'],
	['no-answer', 'failed', 'no_answer'],
	['failed', 'failed', REASON],
	['error', 'failed', REASON],
	['balance-low', 'failed', REASON],
	['canceled', 'cancelled', 'cancelled'],
	['cancelled', 'cancelled', 'cancelled'],
	['stopped', 'cancelled', 'cancelled'],
	['null', null, null],
	['', null, null],
	['exploded', null, null],
	['constructor', null, null]
];

describe('given a status word', () => {
	it.each(WORDS)('when it is "%s", then ours is %s (%s)', (status, ours, endReason) => {
		const { event } = read({ ...real, status });
		expect(event).toMatchObject({ kind: 'status', status: ours, endReason, problems: [] });
		expect(event.talkSeconds).toBe(ours === 'completed' ? 25 : null);
	});

	it.each(WORDS)('when "%s" is written otherwise, then it is the same word', (word, ours) => {
		for (const status of [word.toUpperCase(), word.replace(/[-_]/, ' '), word.replace('-', '_')]) {
			expect(read({ ...real, status }).event.status).toBe(ours);
		}
	});

	it.each([null, 7, true, { a: 1 }, ['completed']])(
		'when it is %j, no word at all, then it is unknown and never terminal',
		(status) => {
			expect(read({ ...real, status }).event).toMatchObject({ status: null, talkSeconds: null });
		}
	);

	it.each([
		['failed', {}, 'provider_error'],
		['error', {}, 'provider_error: error'],
		['balance-low', {}, 'provider_error: balance-low'],
		['failed', { error_message: 'SIP 503' }, 'provider_error: SIP 503']
	])('when %s says no more than %j, then the reason is "%s"', (status, more, endReason) => {
		const body = without(real, 'telephony_data');
		expect(read({ ...body, ...more, status }).event.endReason).toBe(endReason);
	});

	it('when our wallet at Bolna is empty, then somebody is told', () => {
		expect(read({ ...real, status: 'balance-low' }).alarm).toMatch(/wallet at Bolna is empty/);
		expect(read(real).alarm).toBeUndefined();
	});
});

describe('given what was talked', () => {
	it.each([
		[24.2, 25],
		[24, 24],
		['24', 24],
		['24.2', 25],
		[0, 0],
		[0.01, 1],
		// A float's own error starts no second.
		[60.0000000001, 60],
		[59.1 + 0.9, 60],
		[60.001, 61],
		[86_400, 86_400]
	])('when conversation_duration is %j, then %i s are billed', (conversation_duration, seconds) => {
		const { event } = read({ ...real, conversation_duration });
		expect(event).toMatchObject({ talkSeconds: seconds, problems: [] });
	});

	it('when it is any number of seconds, then no less than was talked is billed, and less than one more', () => {
		fc.assert(
			fc.property(fc.double({ min: 0, max: 86_400, noNaN: true }), (talked) => {
				const conversation_duration = talked.toFixed(3);
				const { talkSeconds } = read({ ...real, conversation_duration }).event;
				expect(talkSeconds).toBeGreaterThanOrEqual(Number(conversation_duration));
				expect((talkSeconds ?? NaN) - Number(conversation_duration)).toBeLessThan(1);
			})
		);
	});

	it.each([-7, 'NaN', '1e3', 86_401, 1e21, {}, true, null, ''])(
		'when it is %j on a completed call, then it is a problem, and telephony does not stand in',
		(conversation_duration) => {
			const { event } = read({ ...real, conversation_duration });
			expect(event.talkSeconds).toBeNull();
			expect(event.problems).toHaveLength(1);
		}
	);

	it('when it has its older name, then it is read all the same', () => {
		const body = without(real, 'conversation_duration');
		expect(read({ ...body, conversation_time: 7 }).event.talkSeconds).toBe(7);
	});

	it.each(['busy', 'no-answer', 'ringing', 'call-disconnected'])(
		'when it is missing on a call that is %s, then that is no problem',
		(status) => {
			const body = without(real, 'conversation_duration');
			expect(read({ ...body, status }).event).toMatchObject({ talkSeconds: null, problems: [] });
		}
	);
});

describe('given the same execution again', () => {
	it('when it was scheduled once more, then it is another delivery that ends nothing', () => {
		const ended = { ...real, status: 'no-answer' };
		const again = {
			...real,
			status: 'scheduled',
			retry_count: 1,
			retry_history: [{ attempt: 1, status: 'no-answer' }]
		};
		expect(read(again).event.status).toBe('initiated');
		const keys = [ended, again, { ...ended, retry_count: 1 }].map((body) => read(body).dedupeKey);
		expect(new Set(keys).size).toBe(3);
		expect(read({ ...ended, updated_at: 'later' }).dedupeKey).toBe(keys[0]);
	});
});

describe('given a body that a tool sent', () => {
	const live = { ...real, status: 'in-progress', conversation_duration: 0 };

	it("when it carries the tool's own fields, then it says nothing of the status", () => {
		const { event, dedupeKey } = read({ ...live, reason: 'wants a human', channel: 'voice' });
		expect(event).toMatchObject({ kind: 'facts', status: null, problems: [] });
		expect(dedupeKey).not.toBe(read(live).dedupeKey);
	});

	it('when there are no such fields, then the call is in progress', () => {
		expect(read(live).event).toMatchObject({ kind: 'status', status: 'in_progress' });
	});

	it('when a final body has unknown fields, then it ends the call all the same', () => {
		expect(read({ ...real, something_new: 1 }).event).toMatchObject({ status: 'completed' });
	});
});

describe('given facts', () => {
	it.each(['call-disconnected', 'in-progress', 'ringing'])(
		'when the call is %s, then cost and recording are not believed yet, and what was said is kept',
		(status) => {
			const { facts } = read({ ...real, status, total_cost: 0 }).event;
			expect(facts).toEqual({ transcript: real.transcript.trim() });
		}
	);

	it.each([
		[3.54, '0.035400'],
		['3.54', '0.035400'],
		// Not reckoned yet: it was talked.
		[0, undefined],
		[100, '1.000000'],
		[-1, undefined],
		['many', undefined],
		[null, undefined]
	])('when total_cost is %j cents, then the cost is %s', (total_cost, amount) => {
		const { cost } = read({ ...real, total_cost }).event.facts;
		expect(cost).toEqual(amount && { amount, currency: 'USD' });
	});

	it('when nobody talked, then no cost is a cost of nothing', () => {
		const { facts } = read({ ...real, conversation_duration: 0, total_cost: 0 }).event;
		expect(facts.cost).toEqual({ amount: '0.000000', currency: 'USD' });
	});

	it.each([
		[true, 'machine'],
		[false, 'human'],
		[null, undefined],
		['perhaps', 'unknown']
	])('when a voicemail answered: %j, then ours is %s', (answered_by_voice_mail, answeredBy) => {
		expect(read({ ...real, answered_by_voice_mail }).event.facts.answeredBy).toBe(answeredBy);
	});

	it('when there is a summary, then it is kept', () => {
		expect(read({ ...real, summary: 'Friday suits.' }).event.facts.summary).toBe('Friday suits.');
	});
});

describe('given whose call it is', () => {
	it.each([
		[{ recipient_data: { [CALL_ID_VARIABLE]: CALL_ID } }, CALL_ID],
		[{ recipient_data: { [CALL_ID_VARIABLE]: 'another' } }, null],
		[{ recipient_data: null }, null],
		[{}, null],
		[null, null],
		['text', null]
	])('when context_details is %j, then it is %s', (context_details, callId) => {
		expect(read({ ...real, context_details } as JsonObject).event.callId).toBe(callId);
	});

	it('when there is no id, then that is a problem and equal bodies are one delivery', () => {
		const body = without(real, 'id');
		expect(read(body).event).toMatchObject({ providerCallId: '', problems: ['id is missing.'] });
		expect(read(body).dedupeKey).toBe(read({ ...body }).dedupeKey);
		expect(read({ ...body, id: 4711 }).event.providerCallId).toBe('4711');
	});

	it.each([
		['2025-11-19T08:49:25.219095', '2025-11-19T08:49:25Z'],
		['2025-11-19T08:49:25Z', '2025-11-19T08:49:25Z'],
		['soon', null]
	])('when updated_at is %s, then it is UTC: %s', (updated_at, moment) => {
		const expected = moment === null ? null : Date.parse(moment);
		expect(read({ ...real, updated_at }).event.occurredAtMs).toBe(expected);
	});
});

describe('given anything', () => {
	it('when it is in any field, then it is read and never throws, and only known words end a call', () => {
		const names = [...Object.keys(real), 'retry_count', '__proto__', 'constructor'];
		const anything = fc.oneof(
			fc.jsonValue({ maxDepth: 1 }),
			fc.string({ unit: 'binary', maxLength: 80 })
		);
		fc.assert(
			fc.property(fc.dictionary(fc.constantFrom(...names), anything), (naughty) => {
				const { event } = read({ ...real, ...naughty } as JsonObject);
				if (event.talkSeconds === null) return;
				expect(event.status).toBe('completed');
				expect(Number.isInteger(event.talkSeconds) && event.talkSeconds >= 0).toBe(true);
			}),
			{ numRuns: 300 }
		);
	});
});
