/** What Talktime warns of, when, and whom it concerns. */
import type { AlertTimes } from './machine';

export const ALERT_KINDS = [
	'low_minutes',
	'low_balance',
	'time_to_empty',
	'refill_failed',
	'spending_velocity',
	'calling_paused',
	'provider_down',
	'webhook_gap'
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Those about the platform itself: only a super admin can do something about them. */
export const FLEET_ALERT_KINDS: readonly AlertKind[] = ['provider_down', 'webhook_gap'];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A level that is a fact, like no minutes left, is confirmed by its first reading; a trend is not. */
export const ALERT_TIMES: Record<AlertKind, AlertTimes> = {
	low_minutes: { confirmMs: 0, recoverMs: 2 * MINUTE_MS, cooldownMs: 24 * HOUR_MS },
	low_balance: { confirmMs: 0, recoverMs: 2 * MINUTE_MS, cooldownMs: 24 * HOUR_MS },
	time_to_empty: {
		confirmMs: 2 * MINUTE_MS,
		recoverMs: 10 * MINUTE_MS,
		cooldownMs: 6 * HOUR_MS
	},
	refill_failed: { confirmMs: 0, recoverMs: 0, cooldownMs: 24 * HOUR_MS },
	spending_velocity: {
		confirmMs: 0,
		recoverMs: 30 * MINUTE_MS,
		cooldownMs: 6 * HOUR_MS
	},
	// Each time anew: whoever releases an attack by mistake must hear of it at once.
	calling_paused: { confirmMs: 0, recoverMs: 0, cooldownMs: 0 },
	provider_down: { confirmMs: 0, recoverMs: MINUTE_MS, cooldownMs: HOUR_MS },
	webhook_gap: { confirmMs: MINUTE_MS, recoverMs: 5 * MINUTE_MS, cooldownMs: 6 * HOUR_MS }
};

export const ALERT_KIND_WORDS: Record<AlertKind, { name: string; explanation: string }> = {
	low_minutes: {
		name: 'Low minutes',
		explanation: 'A fifth or a tenth of the allocated minutes is left, or none.'
	},
	low_balance: {
		name: 'Low balance',
		explanation: 'The wallet is down to the auto-refill threshold ($10 without one), or empty.'
	},
	time_to_empty: {
		name: 'Running out soon',
		explanation: 'At the pace of the last hour, minutes and wallet last less than an hour.'
	},
	refill_failed: {
		name: 'Failed refill',
		explanation: 'Auto-refill could not charge the card.'
	},
	spending_velocity: {
		name: 'Unusual spending',
		explanation: 'The last hour used more than a usual day does.'
	},
	calling_paused: {
		name: 'Calling paused',
		explanation: 'The toll-fraud guard has stopped new calls until somebody looks.'
	},
	provider_down: {
		name: 'Provider down',
		explanation: 'A phone provider does not answer, and calls do not go through it.'
	},
	webhook_gap: {
		name: 'Missing deliveries',
		explanation: 'Live calls have not been heard of for five minutes.'
	}
};
