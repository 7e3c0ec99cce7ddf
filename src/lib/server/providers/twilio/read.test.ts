import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import browserCall from '../../../../../tests/fixtures/twilio/webhook.browser_twiml_app.request.json';
import busy from '../../../../../tests/fixtures/twilio/callback.busy.2025.json';
import completed from '../../../../../tests/fixtures/twilio/callback.completed.single_event.2022.json';
import createAnswer from '../../../../../tests/fixtures/twilio/rest.create_call.response.2022.json';
import initiated from '../../../../../tests/fixtures/twilio/callback.initiated.2026.json';
import { readCallResource, readStatusCallback, type ReadCallback } from './read';

const CALL_ID = '0190a6f0-7c1e-7cc3-98c4-dc0c0c07398f';

/** Reads a form that names a call. @throws Error when it is read as naming none */
function read(form: Record<string, string>): ReadCallback {
	const callback = readStatusCallback(form, CALL_ID);
	if (!callback) throw new Error('the form was read as naming no call');
	return callback;
}

function without(form: Record<string, string>, name: string): Record<string, string> {
	return Object.fromEntries(Object.entries(form).filter(([field]) => field !== name));
}

describe('given the real bodies', () => {
	it('when a call completed, then its seconds are read, not its minutes', () => {
		expect(read(completed)).toEqual({
			dedupeKey: 'CAd61b4995866ac79736262a643b2c7bbc:0:completed',
			event: {
				provider: 'twilio',
				providerCallId: 'CAd61b4995866ac79736262a643b2c7bbc',
				kind: 'status',
				facts: {},
				callId: CALL_ID,
				status: 'completed',
				rawStatus: 'completed',
				endReason: null,
				occurredAtMs: Date.parse('2022-01-12T07:29:46.000Z'),
				talkSeconds: 13,
				problems: []
			}
		});
	});

	it('when the line was busy, then the call failed and nothing was talked', () => {
		expect(read(busy)).toMatchObject({
			dedupeKey: 'CA8367245817625617832576245724:2:busy',
			event: {
				status: 'failed',
				endReason: 'busy',
				occurredAtMs: Date.parse('2025-10-08T13:54:12.000Z'),
				talkSeconds: null,
				problems: []
			}
		});
	});

	it('when a call was only initiated, then it has no seconds and that is no problem', () => {
		expect(read(initiated)).toMatchObject({
			dedupeKey: 'CA1a82a67c48866944486ea46ff1dce023:0:initiated',
			event: { status: 'initiated', endReason: null, talkSeconds: null, problems: [] }
		});
	});

	it('when a browser call asks for its TwiML, then it is read without a sequence number or time', () => {
		const form = Object.fromEntries(new URLSearchParams(browserCall.body_urlencoded));
		expect(read(form)).toMatchObject({
			dedupeKey: 'CA557a5d46438c324c7e1f9aa15e5f0dbb:status:ringing',
			event: { status: 'ringing', occurredAtMs: null, problems: [] }
		});
	});

	it('when REST answers a create, then the call is initiated', () => {
		const { sid, status, duration, end_time: endTime, price, price_unit: priceUnit } = createAnswer;
		expect(readCallResource({ sid, status, duration, endTime, price, priceUnit }, CALL_ID)).toEqual(
			{
				provider: 'twilio',
				providerCallId: 'CAd61b4995866ac79736262a643b2c7bbc',
				kind: 'status',
				facts: {},
				callId: CALL_ID,
				status: 'initiated',
				rawStatus: 'queued',
				endReason: null,
				occurredAtMs: null,
				talkSeconds: null,
				problems: []
			}
		);
	});
});

// PROVIDERS.md section 5, column Twilio.
const WORDS: [string, string, string | null][] = [
	['queued', 'initiated', null],
	['initiated', 'initiated', null],
	['ringing', 'ringing', null],
	['in-progress', 'in_progress', null],
	['answered', 'in_progress', null],
	['completed', 'completed', null],
	['busy', 'failed', 'busy'],
	['no-answer', 'failed', 'no_answer'],
	['failed', 'failed', 'provider_error'],
	['canceled', 'cancelled', 'cancelled']
];

describe('given a status word', () => {
	it.each(WORDS)('when it is %s, then ours is %s (%s)', (word, status, endReason) => {
		const { event } = read({ ...completed, CallStatus: word });
		expect(event).toMatchObject({ status, endReason, rawStatus: word, problems: [] });
		expect(event.talkSeconds).toBe(status === 'completed' ? 13 : null);
	});

	it.each(WORDS)(
		'when %s is written otherwise, then it is the same word',
		(word, status, endReason) => {
			const letters = word.replace('-', '');
			const written = [
				word.toUpperCase(),
				word.replace('-', '_'),
				word.replace('-', ' '),
				letters,
				[...letters].join('_').toUpperCase(),
				` ${word} `
			];
			for (const CallStatus of written) {
				expect(read({ ...completed, CallStatus }).event).toMatchObject({
					status,
					endReason,
					rawStatus: CallStatus
				});
			}
		}
	);

	it.each([
		'exploded',
		'',
		'null',
		'complete',
		'constructor',
		'__proto__',
		'toString',
		'hasOwnProperty',
		'failed?',
		'0'
	])(
		'when it is the unknown word %j, then the status is null and the word is kept',
		(CallStatus) => {
			expect(read({ ...initiated, CallStatus }).event).toMatchObject({
				status: null,
				endReason: null,
				rawStatus: CallStatus,
				talkSeconds: null
			});
		}
	);

	it('when there is none, then the status is null', () => {
		expect(read(without(initiated, 'CallStatus')).event).toMatchObject({
			status: null,
			rawStatus: ''
		});
	});
});

describe('given CallDuration', () => {
	it.each([
		['0', 0],
		['1', 1],
		['13', 13],
		['061', 61],
		['86400', 86_400]
	])('when it is %j, then %i seconds were talked', (CallDuration, talkSeconds) => {
		expect(read({ ...completed, CallDuration }).event).toMatchObject({ talkSeconds, problems: [] });
	});

	it.each([
		'',
		' ',
		'-7',
		'-0',
		'+7',
		'1.5',
		'13.0',
		'1e3',
		'0x10',
		'NaN',
		'Infinity',
		'null',
		'undefined',
		'86401',
		'999999999',
		'99999999999999999999',
		'13 ',
		' 13',
		'1,000',
		'１３',
		'13s',
		'13\n'
	])('when it is %j, then it is a problem and nothing is billed', (CallDuration) => {
		const { event } = read({ ...completed, CallDuration });
		expect(event.talkSeconds).toBeNull();
		expect(event.problems).toEqual([`CallDuration is "${CallDuration}", not 0 to 86400 seconds.`]);
	});

	it('when it is missing on a completed call, then it is a problem, and Duration does not stand in', () => {
		const { event } = read({ ...without(completed, 'CallDuration'), Duration: '1' });
		expect(event.talkSeconds).toBeNull();
		expect(event.problems).toEqual(['CallDuration is missing, not 0 to 86400 seconds.']);
	});

	it('when it is nonsense on a call that was not answered, then it is a problem all the same', () => {
		expect(read({ ...busy, CallDuration: '-7' }).event.problems).toHaveLength(1);
	});

	it('when it is longer than any number, then it is a problem of a call that is named', () => {
		expect(read({ ...completed, CallDuration: '9'.repeat(40) }).event.problems).toHaveLength(1);
	});

	it('when Duration says anything, then nothing changes', () => {
		fc.assert(
			fc.property(fc.string(), (Duration) => {
				expect(read({ ...completed, Duration })).toEqual(read(completed));
			})
		);
	});
});

describe('given a call id', () => {
	it.each<[string, Record<string, string>]>([
		['missing', without(completed, 'CallSid')],
		['empty', { ...completed, CallSid: '' }],
		['endless', { ...completed, CallSid: 'C'.repeat(10_000) }],
		['in another case only', { ...without(completed, 'CallSid'), callsid: 'CA1' }]
	])('when it is %s, then the body names no call', (_what, form) => {
		expect(readStatusCallback(form, CALL_ID)).toBeNull();
	});

	it('when our own is not known, then the event carries none', () => {
		expect(readStatusCallback(completed, null)?.event.callId).toBeNull();
	});

	it('when another field is endless, then the body still names its call', () => {
		const endless = 'x'.repeat(10_000);
		for (const field of [
			'CallStatus',
			'Timestamp',
			'SequenceNumber',
			'SipResponseCode',
			'AnsweredBy'
		]) {
			expect(readStatusCallback({ ...completed, [field]: endless }, CALL_ID), field).not.toBeNull();
		}
	});
});

describe('given the dedupe key', () => {
	it('when the same delivery comes again, then it is the same', () => {
		expect(read({ ...completed }).dedupeKey).toBe(read(completed).dedupeKey);
	});

	it('when call, sequence number or status differ, then it differs', () => {
		const keys = [
			completed,
			{ ...completed, CallSid: 'CA2' },
			{ ...completed, SequenceNumber: '3' },
			{ ...completed, CallStatus: 'busy' },
			without(completed, 'SequenceNumber'),
			{ ...without(completed, 'SequenceNumber'), CallStatus: 'busy' }
		].map((form) => read(form).dedupeKey);
		expect(new Set(keys).size).toBe(keys.length);
	});
});

describe('given other fields', () => {
	it('when Twilio adds some, then nothing else changes', () => {
		fc.assert(
			fc.property(
				fc.dictionary(
					fc.string().map((name) => `New${name}`),
					fc.string()
				),
				(added) => {
					expect(read({ ...added, ...completed })).toEqual(read(completed));
				}
			)
		);
	});

	it.each([
		['Wed, 12 Jan 2022 07:29:46 +0000', Date.parse('2022-01-12T07:29:46Z')],
		['Wed, 12 Jan 2022 12:59:46 +0530', Date.parse('2022-01-12T07:29:46Z')],
		['yesterday', null],
		['', null]
	])('when the time is %j, then it happened at %s', (Timestamp, occurredAtMs) => {
		expect(read({ ...completed, Timestamp }).event).toMatchObject({ occurredAtMs, problems: [] });
	});

	it('when anything is in any field, then it is read and never throws', () => {
		const names = [...Object.keys(completed), '__proto__', 'constructor'];
		const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 200 }));
		fc.assert(
			fc.property(fc.dictionary(fc.constantFrom(...names), anyText), (naughty) => {
				const callback = readStatusCallback({ ...completed, ...naughty }, CALL_ID);
				if (callback === null) return;
				const { talkSeconds, status, problems } = callback.event;
				if (talkSeconds === null) return;
				expect(status).toBe('completed');
				expect(problems).toEqual([]);
				expect(Number.isInteger(talkSeconds) && talkSeconds >= 0 && talkSeconds <= 86_400).toBe(
					true
				);
			}),
			{ numRuns: 500 }
		);
	});
});

describe('given what REST says of a call', () => {
	const resource = {
		sid: 'CA1',
		status: 'completed',
		duration: '61',
		endTime: new Date(1_000),
		price: null,
		priceUnit: 'USD'
	};

	it('when it completed, then its seconds and its end are read', () => {
		expect(readCallResource(resource, CALL_ID)).toMatchObject({
			status: 'completed',
			talkSeconds: 61,
			occurredAtMs: 1_000,
			problems: []
		});
	});

	it.each([null, '', '-1', '61.5', '86401'])(
		'when it completed with the duration %j, then it is a problem',
		(duration) => {
			const event = readCallResource({ ...resource, duration }, CALL_ID);
			expect(event.talkSeconds).toBeNull();
			expect(event.problems).toHaveLength(1);
			expect(event.problems[0]).toMatch(/^duration is /);
		}
	);

	it('when the price is known, then it is a cost: positive, with its currency', () => {
		const event = readCallResource({ ...resource, price: '-0.03000' }, CALL_ID);
		expect(event.facts).toEqual({ cost: { amount: '0.03000', currency: 'USD' } });
		expect(readCallResource(resource, CALL_ID).facts).toEqual({});
	});

	const WITHOUT_TALK = [
		'queued',
		'ringing',
		'in-progress',
		'busy',
		'failed',
		'no-answer',
		'canceled'
	];

	it.each(WITHOUT_TALK)('when it is %s without a duration, then that is no problem', (status) => {
		expect(readCallResource({ ...resource, status, duration: null }, CALL_ID).problems).toEqual([]);
	});

	// PROVIDERS.md 1.2: "empty for busy, failed, unanswered or ongoing".
	it('when it did not complete and the duration is empty, then that is no problem either', () => {
		const problems = WITHOUT_TALK.flatMap(
			(status) => readCallResource({ ...resource, status, duration: '' }, CALL_ID).problems
		);
		expect(problems).toEqual([]);
	});
});
