import type { CallbackSender } from './callback';
import type { SimulatedClock } from './clock';
import type { CallEnd, FaultBook, ProviderName } from './faults';
import type { Answer, Reply, SandboxRequest } from './http';

/** What the sandbox lends to each provider's room. */
export interface SandboxContext {
	clock: SimulatedClock;
	faults: FaultBook;
	callbacks: CallbackSender;
	seed: string;
	/** Where the sandbox listens, without a slash at the end. */
	baseUrl(): string;
	log(line: string): void;
}

/** `seconds` of talk, in simulated seconds; both may be missing. */
export interface FinishRequest {
	status?: CallEnd;
	seconds?: number;
}

/** One call as the control API and the demo page show it. Durations in simulated seconds. */
export interface SandboxCallView {
	provider: ProviderName;
	sid: string;
	from: string;
	to: string;
	status: string;
	outcome: string;
	durationSeconds: number | null;
	price: string | null;
	createdAt: string;
	endedAt: string | null;
	callbacksSent: number;
	callbacksFailed: number;
}

/** Something a person may do to a payment on the demo page: a request of the control API. */
export interface PaymentAction {
	label: string;
	/** Under /_sandbox/<provider>. */
	path: string;
	body?: Record<string, unknown>;
}

/** One payment as the demo page shows it; the amount is for people. */
export interface SandboxPaymentView {
	id: string;
	customer: string | null;
	amount: string;
	status: string;
	createdAt: string;
	actions: PaymentAction[];
}

/** One provider: a folder with this face, and one line in registry.ts. */
export interface SandboxProvider {
	name: ProviderName;
	/** True when a path belongs to this provider's API. */
	owns(pathname: string): boolean;
	/** True for a page that people see, which no fault of the API reaches. */
	isPage?(pathname: string): boolean;
	answer(request: SandboxRequest): Promise<Reply>;
	/** The provider's own error body for a fault of the whole API. */
	errorReply(status: number): Answer;
	/** Told of an error that replaced the answer although the work was done. */
	keepError?(request: SandboxRequest, reply: Answer): void;
	/** Answers a request under /_sandbox/<name>; null when there is no such path. */
	control?(request: SandboxRequest, path: string): Promise<Reply | null> | Reply | null;
	/** Newest first, at most `limit`. */
	listPayments?(limit: number): SandboxPaymentView[];
	/** Newest first, at most `limit`. */
	listCalls(limit: number): SandboxCallView[];
	countCalls(): { total: number; live: number; byStatus: Record<string, number> };
	/** Ends a live call now. */
	finishCall(sid: string, finish: FinishRequest): 'finished' | 'unknown' | 'already-ended';
	reset(): void;
}

export interface ProviderRegistration {
	name: ProviderName;
	/** The environment variables without which the provider is not opened. */
	needs: readonly string[];
	open(context: SandboxContext, environment: SandboxEnvironment): SandboxProvider;
}

export type SandboxEnvironment = Readonly<Record<string, string | undefined>>;
