import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import answered from '../../../../../tests/fixtures/exotel/statuscallback.answered.leg1.form_fields.json';
import connected from '../../../../../tests/fixtures/exotel/connect.response.2017.json';
import details from '../../../../../tests/fixtures/exotel/call_details.completed.numeric_types.json';
import fourFields from '../../../../../tests/fixtures/exotel/statuscallback.default.json';
import terminal from '../../../../../tests/fixtures/exotel/statuscallback.terminal.completed.json';
import type { JsonObject } from '$lib/domain/json';
import { readCallResource, readStatusCallback } from './read';

const CALL_ID = '0190a6f0-7c1e-7cc3-98c4-dc0c0c07398f';
const SETTINGS = { timeZone: 'Asia/Kolkata', currency: 'INR' };
const SID = '80bfbec2d78bbbf10fb851f4fa165211';

const read = (body: JsonObject, callId: string | null = CALL_ID) =>
	readStatusCallback(body, callId, SETTINGS);
const readResource = (call: JsonObject) => readCallResource(call, SETTINGS);

function without(body: JsonObject, ...names: string[]): JsonObject {
	return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

/** The same callback as a form: legs flattened, every value a text. */
function asForm(body: JsonObject): Record<string, string> {
	const form: Record<string, string> = {};
	for (const [name, value] of Object.entries(body)) {
		if (!Array.isArray(value)) form[name] = String(value);
		else {
			for (const [index, leg] of value.entries()) {
				for (const [field, text] of Object.entries(Object(leg))) {
					form[`${name}[${index}][${field}]`] = String(text);
				}
			}
		}
	}
	return form;
}

describe('given the documented bodies', () => {
	it('when a call completed, then its conversation is read, in the zone of the account', () => {
		expect(read(terminal)).toEqual({
			dedupeKey: `${SID}:terminal:completed:completed:completed`,
			event: {
				provider: 'exotel',
				providerCallId: SID,
				kind: 'status',
				facts: {
					answeredBy: 'human',
					recording: {
						key: 'https://s3-ap-southeast-1.amazonaws.com/recordings/abc123.mp3',
						url: 'https://s3-ap-southeast-1.amazonaws.com/recordings/abc123.mp3',
						state: 'completed',
						seconds: null,
						channels: null
					}
				},
				callId: CALL_ID,
				status: 'completed',
				rawStatus: 'completed',
				endReason: null,
				occurredAtMs: Date.parse('2024-01-15T14:30:45+05:30'),
				talkSeconds: 320,
				problems: []
			}
		});
	});

	it('when the same comes as a form, then it is read the same', () => {
		expect(read(asForm(terminal))).toEqual(read(terminal));
	});

	it('when the agent has answered and the lead rings, then the call rings', () => {
		const { event, dedupeKey } = read(answered);
		expect(event).toMatchObject({ status: 'ringing', rawStatus: 'in-progress', problems: [] });
		expect(dedupeKey).toBe(`${SID}:answered:in-progress:in-progress:`);
	});

	it('when the lead has answered too, then they talk, and it is another delivery', () => {
		const both = { ...answered, 'Legs[1][Status]': 'in-progress' };
		expect(read(both).event).toMatchObject({ status: 'in_progress', problems: [] });
		expect(read(both).dedupeKey).not.toBe(read(answered).dedupeKey);
	});

	it('when only the four default fields come, then the call ended and its seconds are missing', () => {
		expect(read(fourFields).event).toMatchObject({
			status: 'completed',
			talkSeconds: null,
			occurredAtMs: Date.parse('2024-01-15T14:30:45+05:30'),
			problems: ['ConversationDuration is missing, not 0 to 86400 seconds.']
		});
	});

	it('when REST answers a create, then no leg is up yet', () => {
		expect(readResource(connected.Call)).toMatchObject({
			providerCallId: 'c5797dcbaaeed7678c4062a4a3ed2f8a',
			status: 'initiated',
			rawStatus: 'in-progress',
			talkSeconds: null,
			problems: []
		});
	});

	it('when REST gives numbers, then the price is read and Duration is no talk', () => {
		const event = readResource(details.Call);
		expect(event.facts.cost).toEqual({ amount: '1.5', currency: 'INR' });
		expect(event.facts.recording?.url).toContain('?X-Amz-');
		expect(event.facts.recording?.key).not.toContain('?');
		expect(event).toMatchObject({ status: 'completed', talkSeconds: null });
		expect(event.problems).toHaveLength(1);
	});
});

// PROVIDERS.md section 5, column Exotel, and the table of the providers issue.
const WORDS: [string, string | null, string | null][] = [
	['queued', 'initiated', null],
	['initiated', 'initiated', null],
	['ringing', 'ringing', null],
	['answered', 'in_progress', null],
	['in-progress', 'in_progress', null],
	['in_progress', 'in_progress', null],
	['completed', 'completed', null],
	['ended', 'completed', null],
	['busy', 'failed', 'busy'],
	['no-answer', 'failed', 'no_answer'],
	['no_answer', 'failed', 'no_answer'],
	['failed', 'failed', 'provider_error'],
	['cancelled', 'cancelled', 'cancelled'],
	['canceled', 'cancelled', 'cancelled'],
	['null', null, null],
	['', null, null],
	['exploded', null, null],
	['constructor', null, null]
];

describe('given a status word', () => {
	it.each(WORDS)('when it is "%s", then ours is %s (%s)', (word, status, endReason) => {
		const { event } = read({ ...terminal, Status: word });
		expect(event).toMatchObject({ status, endReason, problems: [] });
		expect(event.talkSeconds).toBe(status === 'completed' ? 320 : null);
	});

	it.each(WORDS)(
		'when "%s" is written otherwise, then it is the same word',
		(word, status, endReason) => {
			for (const Status of [word.toUpperCase(), word.replace(/[-_]/, ' '), ` ${word} `]) {
				expect(read({ ...terminal, Status }).event).toMatchObject({ status, endReason });
			}
		}
	);

	it.each([null, 7, true, { a: 1 }, ['completed']])(
		'when it is %j, no word at all, then it is unknown and never terminal',
		(Status) => {
			expect(read({ ...terminal, Status }).event).toMatchObject({
				status: null,
				talkSeconds: null
			});
		}
	);

	it('when it is missing, then it is unknown', () => {
		expect(read(without(terminal, 'Status')).event).toMatchObject({ status: null, rawStatus: '' });
	});

	it('when it ends in half a character, then the half is replaced', () => {
		const { event } = read({ ...terminal, Status: `${'x'.repeat(63)}📞` });
		expect(event.rawStatus.isWellFormed()).toBe(true);
	});
});

describe('given what was talked', () => {
	const legsOf = (seconds: unknown, status = 'completed') => [
		{ OnCallDuration: 335, Status: 'completed' },
		{ OnCallDuration: seconds as string, Status: status }
	];

	it.each([
		[320, 320],
		['320', 320],
		[0, 0],
		['0', 0],
		['86400', 86_400]
	])('when ConversationDuration is %j, then it is %i s', (ConversationDuration, seconds) => {
		expect(read({ ...terminal, ConversationDuration }).event.talkSeconds).toBe(seconds);
	});

	it.each([null, 'null', '', undefined])(
		'when ConversationDuration is %j, then the second leg stands in, never Duration',
		(value) => {
			const body = { ...without(terminal, 'ConversationDuration'), Duration: 999 };
			const changed = value === undefined ? body : { ...body, ConversationDuration: value };
			expect(read(changed).event).toMatchObject({ talkSeconds: 320, problems: [] });
		}
	);

	it.each([-7, '-7', 'NaN', '61.5', 1.5, '1e3', 86_401, '9'.repeat(40), {}, true])(
		'when ConversationDuration is %j, then it is a problem, whatever the legs say',
		(ConversationDuration) => {
			const { event } = read({ ...terminal, ConversationDuration });
			expect(event.talkSeconds).toBeNull();
			expect(event.problems).toHaveLength(1);
		}
	);

	it.each(['busy', 'no-answer', 'failed', 'canceled'])(
		'when the call completed and the lead was never up (%s), then nothing was talked',
		(status) => {
			const Legs = legsOf('', status);
			const { event } = read({ ...without(terminal, 'ConversationDuration'), Legs });
			expect(event).toMatchObject({ talkSeconds: 0, problems: [] });
		}
	);

	it('when REST has it in its details, then it is read there, before the legs', () => {
		const Legs = [{ Leg: { Id: 1, OnCallDuration: 21 } }, { Leg: { Id: 2, OnCallDuration: '9' } }];
		const call = { ...details.Call, Duration: '17' };
		expect(readResource({ ...call, Details: { ConversationDuration: 8, Legs } })).toMatchObject({
			talkSeconds: 8,
			problems: []
		});
		expect(readResource({ ...call, Details: { Legs } })).toMatchObject({ talkSeconds: 9 });
	});
});

describe('given REST of a live call', () => {
	it.each([
		[undefined, undefined, 'initiated'],
		['in-progress', undefined, 'ringing'],
		['in-progress', '', 'ringing'],
		['in-progress', 'in-progress', 'in_progress']
	])('when its legs are %j and %j, then ours is %s', (Leg1Status, Leg2Status, status) => {
		const Details = { Leg1Status: Leg1Status ?? null, Leg2Status: Leg2Status ?? null };
		expect(readResource({ ...connected.Call, Details }).status).toBe(status);
	});
});

describe('given a time', () => {
	it.each([
		['2024-01-15 14:30:45', '2024-01-15T09:00:45Z'],
		// Seen in real completed callbacks: the end is not known yet.
		['1970-01-01 05:30:00', '2024-01-15T09:00:50Z'],
		['null', '2024-01-15T09:00:50Z'],
		['soon', '2024-01-15T09:00:50Z']
	])('when EndTime is %s, then it ended at %s', (EndTime, moment) => {
		const body = { ...terminal, EndTime, DateUpdated: '2024-01-15 14:30:50' };
		expect(read(body).event.occurredAtMs).toBe(Date.parse(moment));
	});

	it('when the account has another zone, then its times are read there', () => {
		const settings = { ...SETTINGS, timeZone: 'Asia/Singapore' };
		const { event } = readStatusCallback(terminal, CALL_ID, settings);
		expect(event.occurredAtMs).toBe(Date.parse('2024-01-15T14:30:45+08:00'));
	});
});

describe('given a price', () => {
	it.each([
		['1.500', '1.500'],
		[1.5, '1.5'],
		[0, '0'],
		[null, undefined],
		['null', undefined],
		['-1', undefined],
		['many', undefined]
	])('when it is %j, then the cost is %s', (Price, amount) => {
		const { cost } = read({ ...terminal, Price }).event.facts;
		expect(cost).toEqual(amount && { amount, currency: 'INR' });
	});
});

describe('given who answered', () => {
	it.each([
		['Human', 'human'],
		['HUMAN', 'human'],
		['Machine', 'machine'],
		['NotSure', 'unknown'],
		['NA', undefined],
		['null', undefined]
	])('when it is %s, then ours is %s', (AnsweredBy, ours) => {
		const Legs: JsonObject[] = [{}, { OnCallDuration: 1, Status: 'completed', AnsweredBy }];
		expect(read({ ...terminal, Legs }).event.facts.answeredBy).toBe(ours);
	});
});

describe('given whose call it is', () => {
	it('when the address names none, then CustomField does, if it is one of ours', () => {
		expect(read({ ...terminal, CustomField: CALL_ID }, null).event.callId).toBe(CALL_ID);
		expect(read(terminal, null).event.callId).toBeNull();
		expect(readResource({ ...details.Call, CustomField: CALL_ID }).callId).toBe(CALL_ID);
	});

	it.each([undefined, null, '', 'null'])(
		'when CallSid is %j, then that is a problem',
		(CallSid) => {
			const body = without(terminal, 'CallSid');
			const { event, dedupeKey } = read(CallSid === undefined ? body : { ...body, CallSid });
			expect(event).toMatchObject({ providerCallId: '', problems: ['CallSid is missing.'] });
			expect(dedupeKey).toMatch(/^[0-9a-f]{32}:/);
		}
	);

	it('when RecordingUrl is missing, as with calls nobody answered, then that is no problem', () => {
		const body = { ...without(terminal, 'RecordingUrl', 'Legs', 'ConversationDuration') };
		const { event } = read({ ...body, Status: 'no-answer' });
		expect(event).toMatchObject({ endReason: 'no_answer', problems: [], facts: {} });
	});
});

describe('given anything', () => {
	it('when it is in any field, then it is read and never throws, and only known words end a call', () => {
		const names = [
			...Object.keys(terminal),
			'Legs[0][Status]',
			'Legs[9][x]',
			'__proto__',
			'Details'
		];
		const anything = fc.oneof(
			fc.jsonValue({ maxDepth: 1 }),
			fc.string({ unit: 'binary', maxLength: 80 })
		);
		fc.assert(
			fc.property(fc.dictionary(fc.constantFrom(...names), anything), (naughty) => {
				const body = { ...terminal, ...naughty } as JsonObject;
				for (const event of [read(body).event, readResource(body)]) {
					const { talkSeconds, status, problems } = event;
					if (talkSeconds === null) continue;
					expect(status).toBe('completed');
					expect(Number.isInteger(talkSeconds) && talkSeconds >= 0 && talkSeconds <= 86_400).toBe(
						true
					);
					expect(problems.filter((problem) => problem.startsWith('Conv'))).toEqual([]);
				}
			}),
			{ numRuns: 300 }
		);
	});

	it('when Exotel adds fields, then nothing else changes', () => {
		fc.assert(
			fc.property(
				fc.dictionary(
					fc.string().map((name) => `New${name}`),
					fc.string()
				),
				(added) => {
					expect(read({ ...added, ...terminal })).toEqual(read(terminal));
				}
			)
		);
	});
});
