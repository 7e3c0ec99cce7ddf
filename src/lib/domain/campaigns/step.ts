/** What a look at a campaign does to the campaign itself: it ends, pauses, goes on, or stays as it is. */
import { isOver, type CampaignStatus, type PauseCause } from './campaign';

export interface CampaignState {
	status: CampaignStatus;
	pauseCause: PauseCause | null;
	pauseReason: string | null;
	/** Paused for something that only a try can tell to be gone: when the next try is due. */
	probeAtMs: number | null;
	/** Tries in vain so far. */
	probes: number;
	/** It tries one call at a time. */
	isProbing: boolean;
	endedAtMs: number | null;
}

export interface Obstacle {
	cause: Exclude<PauseCause, 'person'>;
	/** What is the matter, in a sentence. */
	reason: string;
}

export interface Seen {
	nowMs: number;
	obstacle: Obstacle | null;
	/** Leads with a call under way, and leads that wait for one. */
	calling: number;
	waiting: number;
	/** A call of it was accepted by its provider. */
	isAccepted: boolean;
}

const PROBE_AFTER_MS = 60_000;
const PROBE_AFTER_MS_MAX = 900_000;

export function stepCampaign(before: CampaignState, seen: Seen): CampaignState {
	const state = seen.isAccepted ? { ...before, probes: 0, isProbing: false } : before;
	const { status } = state;
	if (isOver(status) || status === 'draft') return state;
	if (seen.calling === 0 && status === 'stopping') return ended(state, 'stopped', seen.nowMs);
	if (status === 'stopping') return state;
	if (seen.calling === 0 && seen.waiting === 0) return ended(state, 'finished', seen.nowMs);
	return status === 'running' ? stepRunning(state, seen) : stepPaused(state, seen);
}

function ended(state: CampaignState, status: 'stopped' | 'finished', nowMs: number): CampaignState {
	return { ...state, status, endedAtMs: nowMs, ...NOT_PAUSED, isProbing: false, probes: 0 };
}

const NOT_PAUSED = { pauseCause: null, pauseReason: null, probeAtMs: null };

function stepRunning(state: CampaignState, { obstacle, calling, nowMs }: Seen): CampaignState {
	if (obstacle === null) return state;
	// Its own calls hold the credit: what they give back may be enough to go on.
	const mayPass = obstacle.cause === 'credit' || obstacle.cause === 'budget';
	return mayPass && calling > 0 ? state : pausedBy(state, obstacle, nowMs);
}

/** Only a call can tell whether these are gone. */
const TRIED: readonly PauseCause[] = ['provider', 'budget', 'guard'];

/** Pauses for something that is no person. What only a call can tell is tried again, ever more seldom. */
export function pausedBy(state: CampaignState, obstacle: Obstacle, nowMs: number): CampaignState {
	const isTried = TRIED.includes(obstacle.cause);
	const waitMs = Math.min(PROBE_AFTER_MS * 2 ** state.probes, PROBE_AFTER_MS_MAX);
	return {
		...state,
		status: 'paused',
		pauseCause: obstacle.cause,
		pauseReason: obstacle.reason,
		probeAtMs: isTried ? nowMs + waitMs : null,
		probes: isTried ? state.probes + 1 : 0,
		isProbing: false
	};
}

function stepPaused(state: CampaignState, { obstacle, nowMs }: Seen): CampaignState {
	if (state.pauseCause === 'person' || state.pauseCause === null) return state;
	if (obstacle !== null) {
		const isSame = obstacle.cause === state.pauseCause && obstacle.reason === state.pauseReason;
		if (isSame) return state;
		return { ...state, pauseCause: obstacle.cause, pauseReason: obstacle.reason };
	}
	if (state.probeAtMs !== null && nowMs < state.probeAtMs) return state;
	return { ...state, ...NOT_PAUSED, status: 'running', isProbing: state.probeAtMs !== null };
}
