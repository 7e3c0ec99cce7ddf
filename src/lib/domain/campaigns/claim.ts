/**
 * Which waiting leads are called now. Everything that may forbid a call is asked here, at the last moment
 * before it is claimed: hours, do-not-call and caps may all have changed since the list was made.
 */
import { isCallingHour, nextCallingHour, type CallingHours } from './calling-hours';
import type { SkipReason, WaitReason } from './campaign';
import { possibleZones } from './lead-zones';

export interface ClaimCandidate {
	/** E.164. */
	phone: string;
	/** Null: the contact was deleted since. */
	contact: { doNotCall: boolean; timezone: string | null } | null;
	/** A call to this number lives, of whoever in the organisation. */
	isNumberBusy: boolean;
	/** When this number was called within the last 24 hours, oldest first, milliseconds since 1970 UTC. */
	callsOfDayMs: readonly number[];
}

export interface ClaimRules {
	hours: CallingHours;
	/** Calls to one number within 24 hours, by all campaigns and people of the organisation. */
	callsPerDayMax: number;
}

export type Claim =
	| { kind: 'call' }
	| { kind: 'later'; atMs: number; reason: WaitReason }
	| { kind: 'skip'; reason: SkipReason };

const DAY_MS = 86_400_000;
/** A number that talks is looked at again after this long. */
const BUSY_WAIT_MS = 30_000;

export function decideClaim(candidate: ClaimCandidate, rules: ClaimRules, nowMs: number): Claim {
	const { contact, phone, callsOfDayMs } = candidate;
	if (contact === null) return { kind: 'skip', reason: 'contact_deleted' };
	if (contact.doNotCall) return { kind: 'skip', reason: 'do_not_call' };
	const zones = possibleZones({ timezone: contact.timezone, phone });
	if (!isCallingHour(zones, rules.hours, nowMs)) {
		const atMs = nextCallingHour(zones, rules.hours, nowMs);
		if (atMs === null) return { kind: 'skip', reason: 'no_calling_hour' };
		return { kind: 'later', atMs, reason: 'calling_hours' };
	}
	const oldest = callsOfDayMs[callsOfDayMs.length - rules.callsPerDayMax];
	if (oldest !== undefined) return { kind: 'later', atMs: oldest + DAY_MS, reason: 'attempt_cap' };
	if (candidate.isNumberBusy) {
		return { kind: 'later', atMs: nowMs + BUSY_WAIT_MS, reason: 'number_busy' };
	}
	return { kind: 'call' };
}

/** What bounds the calls of one campaign at this moment. */
export interface Room {
	/** Calls at once that the campaign asks for, and those under way. */
	concurrency: number;
	calling: number;
	/** Calls the pace of the campaign, and that of the provider, allow now. */
	campaignTurns: number;
	providerTurns: number;
	/** Calls that can be paid besides those under way. */
	affordable: number;
	/** It was paused by its provider: one call tries whether calls go through again. */
	isProbing: boolean;
}

/** How many leads may be claimed now. */
export function roomFor(room: Room): number {
	const atOnce = room.isProbing ? 1 : room.concurrency;
	return Math.max(
		0,
		Math.min(atOnce - room.calling, room.campaignTurns, room.providerTurns, room.affordable)
	);
}

/**
 * Calls that can start without taking the tail of those that talk: each of them keeps a minute to go on
 * with, so that new dials stop first when credit runs out.
 * @param spendable minutes that minutes and wallet pay for and no call holds
 * @param needed minutes without which a call does not start
 * @param slice minutes that are set aside for a new call when they are there
 */
export function affordableCalls(credit: {
	spendable: number;
	needed: number;
	slice: number;
	talking: number;
}): number {
	const { spendable, needed, slice, talking } = credit;
	if (talking === 0 && spendable >= needed) return Math.max(1, Math.floor(spendable / slice));
	return Math.max(0, Math.floor((spendable - talking) / Math.max(slice, needed)));
}
