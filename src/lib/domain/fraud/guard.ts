/**
 * The toll-fraud guard: what may be called, how fast, and when it all stops. Whoever stole a session wants
 * many minutes to numbers that pay him, at once; so such numbers are never dialled, a new organisation
 * grows into speed, and what looks like an attack stops every new call until a super admin releases it.
 */
import {
	callingPaused,
	callingTooFast,
	countryNotAllowed,
	numberNotAllowed,
	priceTooHigh,
	type Block
} from '../credit/blocks';
import { EMPTY, levelAt, pour, secondsUntilRoom, type Bucket } from '../limits/bucket';
import { isInCountries, readDestination, type RefusedKind } from './destination';

export const TRIP_REASONS = ['refused_numbers', 'spending'] as const;
export type TripReason = (typeof TRIP_REASONS)[number];

/** What was counted lately, as it is kept. */
export interface GuardLevels {
	/** Micros promised to calls. */
	spent: Bucket;
	/** Calls placed. */
	placed: Bucket;
	/** Attempts abroad at numbers that pay whoever answers. */
	suspicious: Bucket;
}

export const NO_LEVELS: GuardLevels = { spent: EMPTY, placed: EMPTY, suspicious: EMPTY };

/** What the guard knows of one organisation. */
export interface Guard extends GuardLevels {
	/** Its own, and those it was given. */
	countries: readonly string[];
	/** A minute may cost so much from the wallet. */
	priceCeilingMicros: bigint;
	/** Most that may be promised to calls in an hour; null: by age. */
	hourlyCapMicros: bigint | null;
	/** A super admin vouches for it: it need not grow into speed. */
	isTrusted: boolean;
	createdAtMs: number;
	trippedAtMs: number | null;
	tripReason: TripReason | null;
}

export interface GuardLimits {
	/** Null: no limit. */
	liveCallsMax: number | null;
	callsPerMinute: number | null;
	hourlyCapMicros: bigint;
}

const DAY_MS = 86_400_000;
const HOUR_SECONDS = 3600;
const MICROS = 1_000_000n;
export const PRICE_CEILING_MICROS = MICROS;
/** Kinds that pay whoever answers. At home they may be companies' lines in a list; abroad nobody calls them. */
const SUSPICIOUS_KINDS = new Set<RefusedKind>(['premium', 'satellite']);
/** So many attempts at such numbers within a minute are an attack. */
export const SUSPICIOUS_MAX = 8;
const SUSPICIOUS_DRAIN_PER_SECOND = SUSPICIOUS_MAX / 60;

/** How fast an organisation may call: it grows over its first week. */
export function limitsOf(guard: Guard, nowMs: number): GuardLimits {
	const ageMs = nowMs - guard.createdAtMs;
	const ramp =
		guard.isTrusted || ageMs >= 7 * DAY_MS
			? { liveCallsMax: null, callsPerMinute: null, hourlyCapMicros: 5_000n * MICROS }
			: ageMs >= DAY_MS
				? { liveCallsMax: 200, callsPerMinute: 1_200, hourlyCapMicros: 1_500n * MICROS }
				: { liveCallsMax: 100, callsPerMinute: 600, hourlyCapMicros: 500n * MICROS };
	return { ...ramp, hourlyCapMicros: guard.hourlyCapMicros ?? ramp.hourlyCapMicros };
}

export interface GuardedCall {
	to: string;
	/** ISO, or `ZZ`. */
	country: string;
	perMinuteMicros: bigint;
	/** What it is promised before it is dialled. */
	promisedMicros: bigint;
}

export type GuardVerdict = { block: null } | { block: Block; guard: Guard; tripped: boolean };

/**
 * Whether the guard lets a call be dialled. A refusal says what the guard knows from then on.
 * @param liveCalls of the organisation, this one not counted
 */
export function guardCall(
	guard: Guard,
	organizationName: string,
	call: GuardedCall,
	liveCalls: number,
	nowMs: number
): GuardVerdict {
	const refuse = (block: Block, next = guard): GuardVerdict => ({
		block,
		guard: next,
		tripped: next.trippedAtMs !== guard.trippedAtMs
	});
	const standing = standingBlock(guard, organizationName, call);
	if (standing) return refuse(standing, isSuspicious(guard, call) ? suspect(guard, nowMs) : guard);
	const limits = limitsOf(guard, nowMs);
	if (limits.liveCallsMax !== null && liveCalls >= limits.liveCallsMax) {
		return refuse(callingTooFast(organizationName, { liveCallsMax: limits.liveCallsMax }));
	}
	if (limits.callsPerMinute !== null) {
		const pace = { capacity: limits.callsPerMinute, drainPerSecond: limits.callsPerMinute / 60 };
		const waitSeconds = secondsUntilRoom(guard.placed, 1, pace, nowMs);
		if (waitSeconds > 0) {
			const { callsPerMinute } = limits;
			return refuse(callingTooFast(organizationName, { callsPerMinute, waitSeconds }));
		}
	}
	if (isOverCap(promise(guard, call.promisedMicros, nowMs), limits)) {
		return refuse(callingPaused(organizationName), trip(guard, 'spending', nowMs));
	}
	return { block: null };
}

/** Why a number may not be called whatever credit there is and however slowly; null when it may. */
export function standingBlock(
	guard: Pick<Guard, 'countries' | 'priceCeilingMicros' | 'trippedAtMs'>,
	organizationName: string,
	call: Pick<GuardedCall, 'to' | 'country' | 'perMinuteMicros'>
): Block | null {
	if (guard.trippedAtMs !== null) return callingPaused(organizationName);
	const destination = readDestination(call.to);
	if (destination.kind !== null) return numberNotAllowed(destination.kind);
	if (!isInCountries(destination, call.country, guard.countries)) {
		return countryNotAllowed(organizationName, call.country);
	}
	if (call.perMinuteMicros > guard.priceCeilingMicros) {
		return priceTooHigh(call.perMinuteMicros, guard.priceCeilingMicros);
	}
	return null;
}

/** Whether an attempt looks like somebody who dials for what the number pays. */
function isSuspicious(guard: Guard, call: GuardedCall): boolean {
	if (guard.trippedAtMs !== null) return false;
	const destination = readDestination(call.to);
	const isAbroad = !isInCountries(destination, call.country, guard.countries);
	return isAbroad && destination.kind !== null && SUSPICIOUS_KINDS.has(destination.kind);
}

/** The guard after a call was placed. */
export function countCall(guard: Guard, promisedMicros: bigint, nowMs: number): Guard {
	const { callsPerMinute } = limitsOf(guard, nowMs);
	const placed =
		callsPerMinute === null ? EMPTY : pour(guard.placed, 1, callsPerMinute / 60, nowMs);
	return { ...promise(guard, promisedMicros, nowMs), placed };
}

/** The guard after a live call was promised more. Above the cap it trips: no call is extended again. */
export function countExtension(guard: Guard, promisedMicros: bigint, nowMs: number): Guard {
	const counted = promise(guard, promisedMicros, nowMs);
	return isOverCap(counted, limitsOf(guard, nowMs)) ? trip(counted, 'spending', nowMs) : counted;
}

/** Calling goes on as if nothing had been. */
export function released(guard: Guard): Guard {
	return {
		...guard,
		...NO_LEVELS,
		trippedAtMs: null,
		tripReason: null
	};
}

function promise(guard: Guard, micros: bigint, nowMs: number): Guard {
	const perSecond = Number(limitsOf(guard, nowMs).hourlyCapMicros) / HOUR_SECONDS;
	return { ...guard, spent: pour(guard.spent, Number(micros), perSecond, nowMs) };
}

function isOverCap({ spent }: Guard, { hourlyCapMicros }: GuardLimits): boolean {
	return spent.level > Number(hourlyCapMicros);
}

function suspect(guard: Guard, nowMs: number): Guard {
	const suspicious = pour(guard.suspicious, 1, SUSPICIOUS_DRAIN_PER_SECOND, nowMs);
	const suspected = { ...guard, suspicious };
	return levelAt(suspicious, SUSPICIOUS_DRAIN_PER_SECOND, nowMs) >= SUSPICIOUS_MAX
		? trip(suspected, 'refused_numbers', nowMs)
		: suspected;
}

function trip(guard: Guard, tripReason: TripReason, nowMs: number): Guard {
	return guard.trippedAtMs === null ? { ...guard, trippedAtMs: nowMs, tripReason } : guard;
}

/** Before anything is known of it: everything ordinary in one country may be called. */
export function newGuard(country: string, createdAtMs: number): Guard {
	return {
		countries: [country],
		priceCeilingMicros: PRICE_CEILING_MICROS,
		hourlyCapMicros: null,
		isTrusted: false,
		createdAtMs,
		...NO_LEVELS,
		trippedAtMs: null,
		tripReason: null
	};
}
