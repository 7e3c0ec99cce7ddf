import type { Rate } from '../credit/types';
import type { AnsweredBy, Provider } from './event';
import type { CallStatus } from './status';

/**
 * What is known of the provider's price: none is expected, it is waited for, it is here, or the provider
 * kept it to itself for a day.
 */
export type CostState = 'none' | 'pending' | 'known' | 'unavailable';

export const DEVICES = ['phone', 'browser'] as const;
export type Device = (typeof DEVICES)[number];

/** A call as the lane sees it. Times in milliseconds since 1970 UTC. */
export interface Call {
	id: string;
	organizationId: number;
	userId: string | null;
	userName: string | null;
	contactId: string | null;
	contactName: string | null;
	campaignId: string | null;
	provider: Provider;
	/** The leg to the lead: the one that is billed. */
	providerCallId: string | null;
	/** What the agent talks with: a phone, or the browser. */
	device: Device;
	/** A browser call's other leg, from the browser to the provider. Nothing it says moves money. */
	parentCallId: string | null;
	/** What is known of our create request: asked, accepted, refused, or no answer came. */
	submitState: 'submitting' | 'accepted' | 'refused' | 'unknown';
	idempotencyKey: string | null;
	from: string;
	to: string;
	country: string;
	/** Day of placing in the organisation's zone, `2026-11-21`: where the call is counted. */
	localDay: string;
	status: CallStatus;
	endReason: string | null;
	initiatedAtMs: number;
	ringingAtMs: number | null;
	answeredAtMs: number | null;
	/** True while `answeredAtMs` is reckoned back from the end instead of heard from the provider. */
	answeredEstimated: boolean;
	endedAtMs: number | null;
	talkSeconds: number | null;
	billedMinutes: number | null;
	/** What a minute costs from the wallet, as agreed when the call was placed. */
	rate: Rate;
	/** Seconds of talk that minutes did not pay, and their price; null until the call has ended. */
	walletSeconds: number | null;
	costMicros: bigint | null;
	timeLimitSeconds: number;
	/** What the provider takes from us for it, in its own currency: never what the customer pays. */
	providerCostMicros: bigint | null;
	providerCostCurrency: string | null;
	/** When the provider said so: of two prices the later one counts. */
	providerCostAtMs: number | null;
	costState: CostState;
	/** When the provider is asked for the price; null: nobody has to ask. */
	costCheckAtMs: number | null;
	costAttempts: number;
	answeredBy: AnsweredBy | null;
	liveSeq: number;
}
