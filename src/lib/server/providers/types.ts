import type { CallEvent, Provider } from '$lib/domain/call/event';
import type { CallStatus } from '$lib/domain/call/status';

/** What a provider needs to know to place one call. */
export interface CreateCallRequest {
	callId: string;
	from: string;
	to: string;
	/** The phone that is connected to the lead, E.164; null: nobody listens. */
	agentPhone: string | null;
	/** Seconds after which the provider ends the call by itself. */
	timeLimitSeconds: number;
	/** The organisation wants its calls recorded, one channel for each side. */
	isRecorded: boolean;
	/** Say whether a person or a machine answered, without holding the call up. */
	detectsMachine: boolean;
	/** Asked when the call's turn has come, if it had to wait for it: why it is not dialled any more. */
	askWhyNot?: () => Promise<CreateRefusal | null>;
}

/** Nothing was placed. */
export interface CreateRefusal {
	kind: 'refused';
	endReason: string;
	message: string;
	/** The same request may go through a little later. Absent: it will not. */
	isRetryable?: boolean;
}

/**
 * The outcome of a create request. `unknown` means it may be ringing: never redial, never bill, find out
 * by listing (PROVIDERS.md section 0, point 6).
 */
export type CreateCallOutcome =
	| { kind: 'accepted'; providerCallId: string }
	| CreateRefusal
	| { kind: 'unknown'; message: string };

export type CallFinding =
	| { kind: 'event'; event: CallEvent }
	| { kind: 'never_existed' }
	/** A browser connected and left before the lead's leg began. */
	| { kind: 'never_dialled' }
	| { kind: 'no_answer'; error: string };

/** What the sweeper knows when it asks about a call. */
export interface CallQuestion {
	/** Null: nobody knows whose call it is; asked by the provider's id only. */
	callId: string | null;
	providerCallId: string | null;
	/** Set for a call made in a browser: its own leg, once it has connected. */
	browser?: { parentCallId: string | null };
	from: string;
	to: string;
	initiatedAtMs: number;
	/** Ids that other calls to the same number have. */
	takenProviderCallIds: string[];
	nowMs: number;
}

/** What lets a browser register as a phone at the provider. */
export interface DeviceToken {
	token: string;
	/** The name the browser has there. */
	identity: string;
	lifetimeSeconds: number;
}

/** What a provider can do, as data the credit core decides by (PROVIDERS.md section 0, point 5). */
export interface Capabilities {
	/** A live call can be ended by us: it may start on one slice of credit and be cut when that ends. */
	canHangUp: boolean;
	/** The time limit of a live call can be raised. Where not, the whole call is held before it is dialled. */
	canExtend: boolean;
	/** Its webhooks carry a signature. Where not, a final event is confirmed by asking before money moves. */
	signsWebhooks: boolean;
	/** Its word for the event that closes a call, for people who read the log. */
	finalEvent: string;
	/** After how many seconds what a call cost us can be asked for; null: it comes with the final event. */
	costDelaySeconds: number | null;
	/** Longest call it can be asked for, seconds. */
	timeLimitMaxSeconds: number;
	/** The agent's own phone is rung first: a call without one cannot be placed. */
	needsAgentPhone: boolean;
	/** Create requests per second it takes before it queues or refuses. */
	callsPerSecond: number;
	/**
	 * Seconds after which it ends any call, whatever a call asks for: all of them are held before it is
	 * dialled. Null: it takes a limit with each call.
	 */
	fixedCallSeconds: number | null;
}

/** A delivery as its provider's reader understood it. */
export interface ReadDelivery {
	event: CallEvent;
	/** Equal keys are one delivery. */
	dedupeKey: string;
	/** What somebody has to do something about, in a sentence. */
	alarm?: string;
}

/** The provider has no way to end a call that has begun. */
export class CannotHangUp extends Error {
	override name = 'CannotHangUp';
}

/** One call on the provider's bill. */
export interface ProviderBillRow {
	providerCallId: string;
	/** The leg this one belongs to, where the provider lists every leg of a call. */
	parentProviderCallId?: string | null;
	/** Our call id, where the provider gives it back. */
	callId: string | null;
	status: CallStatus | null;
	rawStatus: string;
	talkSeconds: number | null;
	cost: { amount: string; currency: string } | null;
	startedAtMs: number | null;
	to: string;
}

/** Where recordings are fetched from: nothing else is ever asked (DESIGN.md section 10). */
export interface RecordingSource {
	/** Hosts (with port where it is not the scheme's own) a recording may be fetched from. */
	hosts: string[];
	/** Value of the Authorization header; null: none is needed. */
	authorization: string | null;
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
	/** Every call of a period as the provider bills it. Pages may repeat rows: they are told apart by id. */
	listBill(period: { fromMs: number; toMs: number }): AsyncIterable<ProviderBillRow>;
	recordingSource: RecordingSource;
	/** Absent: nobody can call from the browser through this provider. */
	createDeviceToken?(identity: string): DeviceToken;
}
