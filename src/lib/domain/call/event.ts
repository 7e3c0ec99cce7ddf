import type { CallStatus } from './status';

export const PROVIDERS = ['twilio', 'exotel', 'bolna'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** What a machine at the other end may be (PROVIDERS.md 1.6, AnsweredBy; Bolna answered_by_voice_mail). */
export type AnsweredBy = 'human' | 'machine' | 'fax' | 'unknown';

/** A recording as the provider names it. */
export interface RecordingFact {
	/** The provider's id of it, or its address where it has no id: one row per call and key. */
	key: string;
	url: string;
	/** Only a completed recording can be fetched. */
	state: 'in_progress' | 'completed' | 'absent' | 'failed';
	seconds: number | null;
	channels: 1 | 2 | null;
}

/** What a delivery tells of a call besides its status. What is absent was not said. */
export interface CallFacts {
	/** What the provider charges us, as a positive decimal amount, for example `0.03` `USD`. */
	cost?: { amount: string; currency: string };
	answeredBy?: AnsweredBy;
	recording?: RecordingFact;
	transcript?: string;
	summary?: string;
}

/** What a provider said about a call, in our words. Plain JSON, so it can be kept and applied later. */
export interface CallEvent {
	provider: Provider;
	providerCallId: string;
	/**
	 * `status`: tells where the call is. `facts`: tells only the facts below (a recording is ready, who
	 * answered); it never moves the call, whatever words it carries.
	 */
	kind: 'status' | 'facts';
	facts: CallFacts;
	/** Our call id, when the delivery carried it. */
	callId: string | null;
	/** The provider's id of the leg this one was dialled from: a browser's, for a call made in a browser. */
	parentCallId?: string | null;
	/** Null when the provider's word is unknown: kept and reported, never terminal. */
	status: CallStatus | null;
	rawStatus: string;
	/** Why a call that was not completed ended: `busy`, `no_answer`, `provider_error`, … */
	endReason: string | null;
	/** When the provider says it happened, milliseconds since 1970 UTC. */
	occurredAtMs: number | null;
	/** Seconds of talk. Only on a terminal event. */
	talkSeconds: number | null;
	/** What was wrong with the body, one sentence each. */
	problems: string[];
}

/** Longest call anyone can be billed for: 24 hours, the longest TimeLimit of any provider. */
export const TALK_SECONDS_MAX = 86_400;
