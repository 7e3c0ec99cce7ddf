import type { CallStatus } from './status';

export const PROVIDERS = ['twilio', 'exotel', 'bolna'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** What a provider said about a call, in our words. Plain JSON, so it can be kept and applied later. */
export interface CallEvent {
	provider: Provider;
	providerCallId: string;
	/** Our call id, when the delivery carried it. */
	callId: string | null;
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
