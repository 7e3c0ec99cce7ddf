/** How far a campaign is, and why it does not dial at this moment. */
import { assertNever } from '../assert-never';
import type { CampaignStatus, PauseCause, WaitReason } from './campaign';

/** What the engine found in its way when it last looked. */
export const HOLDUPS = ['credit', 'pace', 'provider'] as const;
export type Holdup = (typeof HOLDUPS)[number];

export interface LeadCounts {
	total: number;
	waiting: number;
	calling: number;
	answered: number;
	unreached: number;
	skipped: number;
}

export interface Standing {
	status: CampaignStatus;
	pauseCause: PauseCause | null;
	counts: LeadCounts;
	concurrency: number;
	holdup: Holdup | null;
	/** The waiting lead that is due first: when, and what it waits for. */
	nextDueMs: number | null;
	nextDueReason: WaitReason | null;
	/** When the engine last looked at it; null: never. */
	lookedAtMs: number | null;
}

/** Why nothing new is dialled right now. Every campaign has exactly one answer. */
export type Standstill =
	| { code: 'dialling' | 'draft' | 'stopping' | 'stopped' | 'finished' | 'last_calls' }
	| { code: 'paused'; cause: PauseCause }
	| { code: 'no_worker'; sinceMs: number | null }
	| { code: 'full'; calls: number }
	| { code: 'credit' | 'pace' | 'provider' }
	| { code: 'not_due'; atMs: number; reason: WaitReason | null };

/** The engine looks several times a second: silence for this long means that none runs. */
const SILENCE_MS = 30_000;

/** @param nowMs milliseconds since 1970 UTC */
export function standstillOf(standing: Standing, nowMs: number): Standstill {
	const { status, counts, lookedAtMs } = standing;
	switch (status) {
		case 'draft':
		case 'stopping':
		case 'stopped':
		case 'finished':
			return { code: status };
		case 'paused':
			return { code: 'paused', cause: standing.pauseCause ?? 'person' };
		case 'running':
			if (lookedAtMs === null || nowMs - lookedAtMs > SILENCE_MS) {
				return { code: 'no_worker', sinceMs: lookedAtMs };
			}
			if (counts.waiting === 0) return { code: 'last_calls' };
			if (standing.nextDueMs !== null && standing.nextDueMs > nowMs) {
				return { code: 'not_due', atMs: standing.nextDueMs, reason: standing.nextDueReason };
			}
			if (standing.holdup !== null) return { code: standing.holdup };
			if (counts.calling >= standing.concurrency) return { code: 'full', calls: counts.calling };
			return { code: 'dialling' };
		default:
			return assertNever(status);
	}
}

/** Leads that need no call any more. */
export function doneLeads({ answered, unreached, skipped }: LeadCounts): number {
	return answered + unreached + skipped;
}

/** The rate forgets what is older than about this. */
const RATE_MEMORY_MS = 60_000;

/**
 * Leads done per minute, with the last minute counting most.
 * @param before the rate so far
 * @param done leads that were done since then
 * @param passedMs time since then
 */
export function nextRate(before: number, done: number, passedMs: number): number {
	if (passedMs <= 0) return before;
	const kept = Math.exp(-passedMs / RATE_MEMORY_MS);
	return before * kept + ((done * 60_000) / passedMs) * (1 - kept);
}

/** When the last lead will be done at this rate; null when nobody can say. */
export function finishMs(
	standing: Pick<Standing, 'status' | 'counts'>,
	ratePerMinute: number,
	nowMs: number
): number | null {
	const left = standing.counts.total - doneLeads(standing.counts);
	if (standing.status !== 'running' || left === 0) return null;
	return ratePerMinute < 0.05 ? null : nowMs + (left / ratePerMinute) * 60_000;
}
