import { describe, expect, it } from 'vitest';
import { DEFAULT_CALLING_HOURS } from '../campaigns/calling-hours';
import { judgeLead, type PowerLead, type PowerVerdict } from './power-lead';

const NOON_MS = Date.parse('2026-11-25T17:00:00Z');
const rules = { startedAtMs: NOON_MS - 600_000, hours: DEFAULT_CALLING_HOURS };
const lead = (changes: Partial<PowerLead> = {}): PowerLead => ({
	doNotCall: false,
	zones: ['America/New_York'],
	lastCalledAtMs: null,
	isOnCall: false,
	isPromised: false,
	lastOutcome: null,
	...changes
});

describe('given the next lead of a list', () => {
	it.each<[string, Partial<PowerLead>, PowerVerdict]>([
		['nothing speaks against it', {}, 'offer'],
		['it was called before', { lastCalledAtMs: rules.startedAtMs - 1 }, 'offer'],
		['only a machine was reached', { lastOutcome: 'voicemail' }, 'offer'],
		['it must not be called', { doNotCall: true, zones: ['Asia/Tokyo'] }, 'do_not_call'],
		['it is not interested', { lastOutcome: 'not_interested' }, 'done'],
		['it is somebody else', { lastOutcome: 'wrong_number' }, 'done'],
		['a colleague called it meanwhile', { lastCalledAtMs: rules.startedAtMs }, 'taken'],
		['a colleague talks to it', { isOnCall: true }, 'taken'],
		['it was promised a later call', { isPromised: true }, 'taken'],
		['it is night there', { zones: ['Asia/Tokyo'] }, 'hours'],
		['it may be night there', { zones: ['America/New_York', 'Asia/Tokyo'] }, 'hours'],
		['nobody knows its time', { zones: [] }, 'hours']
	])('when %s, then it is judged so', (_why, changes, verdict) => {
		expect(judgeLead(lead(changes), rules, NOON_MS)).toBe(verdict);
	});
});
