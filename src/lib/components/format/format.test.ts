import { describe, expect, it } from 'vitest';
import type { CallView } from '$lib/views';
import { endedSentence, outcomeWords } from './calls';
import { formatDuration, formatMoney, formatShare, formatTimer, plural } from './numbers';
import { formatPhone, formatPhonesIn } from './phone';
import { formatRelative, localTimeAt } from './time';

const completed: CallView = {
	id: 'call-1',
	organizationId: 1,
	organizationName: 'Asha Travels',
	contactId: 'contact-1',
	contactName: 'Priya Nair',
	userId: 'user-1',
	userName: 'Ravi',
	provider: 'twilio',
	providerCallId: 'CA1',
	device: 'browser',
	to: '+919876543210',
	status: 'completed',
	endReason: null,
	initiatedAt: '2026-11-21T10:00:00.000Z',
	ringingAt: null,
	answeredAt: '2026-11-21T10:00:05.000Z',
	endedAt: '2026-11-21T10:01:06.000Z',
	answeredBy: null,
	durationSeconds: 61,
	billedMinutes: 2,
	cost: null,
	coveredUntil: null,
	isDraining: false,
	drainCause: null,
	version: 4
};

describe('numbers', () => {
	it.each([
		[0, '0 s'],
		[61, '1 m 01 s'],
		[3599, '59 m 59 s'],
		[3840, '1 h 04 m']
	])('says %i seconds as %s', (seconds, words) => {
		expect(formatDuration(seconds)).toBe(words);
	});

	it.each([
		['42.10', '$42.10'],
		['1204', '$1,204.00'],
		['0.005000', '$0.005'],
		['-5.00', '−$5.00']
	])('says %s dollars as %s', (dollars, words) => {
		expect(formatMoney(dollars)).toBe(words);
	});

	it('runs a timer past the hour', () => {
		expect(formatTimer(134)).toBe('02:14');
		expect(formatTimer(3734)).toBe('1:02:14');
		expect(formatTimer(-3)).toBe('00:00');
	});

	it('counts with the right word', () => {
		expect(plural(1, 'minute')).toBe('1 minute');
		expect(plural(1204, 'minute')).toBe('1,204 minutes');
	});

	it('has no share of nothing', () => {
		expect(formatShare(0, 0)).toBe('–');
		expect(formatShare(2, 3)).toBe('67%');
	});
});

describe('calls', () => {
	it('says what a completed call cost', () => {
		expect(endedSentence(completed)).toBe(
			'Call with Priya Nair completed: 1 m 01 s, 2 minutes charged'
		);
		expect(outcomeWords(completed)).toBe('1 m 01 s · 2 min');
	});

	it('says why a failed call was not answered', () => {
		const failed: CallView = { ...completed, status: 'failed', endReason: 'no_answer' };
		expect(endedSentence(failed)).toBe('Call to Priya Nair failed (no answer), nothing charged');
		expect(outcomeWords(failed)).toBe('No answer');
	});

	it('keeps what the provider said of its own error', () => {
		const endReason = 'provider_error: SIP 503: Busy Here';
		const failed: CallView = { ...completed, status: 'failed', endReason };
		expect(outcomeWords(failed)).toBe('Phone provider error: SIP 503: Busy Here');
		expect(endedSentence(failed)).toContain('failed (phone provider error: SIP 503: Busy Here)');
	});

	it('has no outcome while the call lives', () => {
		expect(outcomeWords({ ...completed, status: 'ringing' })).toBeNull();
	});
});

describe('phone', () => {
	it('groups a number by its country and leaves the rest alone', () => {
		expect(formatPhone('+919876543210')).toBe('+91 98765 43210');
		expect(formatPhone('unknown')).toBe('unknown');
		expect(formatPhonesIn('Call to +919876543210, refunded +5')).toBe(
			'Call to +91 98765 43210, refunded +5'
		);
	});
});

describe('time', () => {
	const nowMs = Date.parse('2026-11-21T12:00:00.000Z');

	it.each([
		['2026-11-21T11:59:30.000Z', 'just now'],
		['2026-11-21T11:56:00.000Z', '4 min ago'],
		['2026-11-21T09:00:00.000Z', '3 h ago'],
		['2026-11-20T11:00:00.000Z', 'yesterday'],
		['2026-11-18T11:00:00.000Z', '3 days ago'],
		['2026-10-02T11:00:00.000Z', '2 Oct'],
		['2025-10-02T11:00:00.000Z', '2 Oct 2025']
	])('calls %s %s', (at, words) => {
		expect(formatRelative(at, nowMs, 'UTC')).toBe(words);
	});

	it('knows what the clock of a lead shows', () => {
		expect(localTimeAt('Asia/Kolkata', nowMs)).toEqual({ time: '17:30', zone: 'IST' });
		expect(localTimeAt('America/Los_Angeles', nowMs)).toEqual({ time: '04:00', zone: 'PST' });
		expect(localTimeAt('Nowhere/Here', nowMs)).toBeNull();
	});
});
