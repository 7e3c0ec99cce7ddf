import type { CallEvent, Provider } from '$lib/domain/call/event';

/** What a provider needs to know to place one call. */
export interface CreateCallRequest {
	callId: string;
	from: string;
	to: string;
	/** The phone that is connected to the lead, E.164; null: nobody listens. */
	agentPhone: string | null;
	/** Seconds after which the provider ends the call by itself. */
	timeLimitSeconds: number;
}

/**
 * The outcome of a create request. `unknown` means it may be ringing: never redial, never bill, find out
 * by listing (PROVIDERS.md section 0, point 6).
 */
export type CreateCallOutcome =
	| { kind: 'accepted'; providerCallId: string }
	| { kind: 'refused'; endReason: string; message: string }
	| { kind: 'unknown'; message: string };

export type CallFinding =
	| { kind: 'event'; event: CallEvent }
	| { kind: 'never_existed' }
	| { kind: 'no_answer'; error: string };

/** What the sweeper knows when it asks about a call. */
export interface CallQuestion {
	callId: string;
	providerCallId: string | null;
	from: string;
	to: string;
	initiatedAtMs: number;
	/** Ids that other calls to the same number have. */
	takenProviderCallIds: string[];
	nowMs: number;
}

/** What a provider can do, as data the credit core decides by (PROVIDERS.md section 0, point 5). */
export interface Capabilities {
	/** A live call can be ended by us: it may start on one slice of credit and be cut when that ends. */
	canHangUp: boolean;
}

/** One phone provider. It speaks its own wire on one side and ours on the other, and knows no database. */
export interface ProviderAdapter {
	name: Provider;
	fromNumber: string;
	capabilities: Capabilities;
	createCall(request: CreateCallRequest): Promise<CreateCallOutcome>;
	/** Asks the provider what became of a call; by its id, or by listing when no id is known. */
	findCall(question: CallQuestion): Promise<CallFinding>;
	/** Lets a live call go on longer than it was dialled for. */
	setTimeLimit(providerCallId: string, timeLimitSeconds: number): Promise<void>;
	/** Ends a live call. Ending one that has ended is no error. */
	hangUp(providerCallId: string): Promise<void>;
}
