import type { CallbackSender } from './callback';
import type { SimulatedClock } from './clock';
import type { CallEnd, FaultBook } from './faults';
import type { Reply, SandboxRequest } from './http';

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
	provider: string;
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

/** One provider: a folder with this face, and one line in registry.ts. */
export interface SandboxProvider {
	name: string;
	/** True when a path belongs to this provider's API. */
	owns(pathname: string): boolean;
	answer(request: SandboxRequest): Promise<Reply>;
	/** The provider's own error body for a fault of the whole API. */
	errorReply(status: number): Reply;
	/** Newest first, at most `limit`. */
	listCalls(limit: number): SandboxCallView[];
	countCalls(): { total: number; live: number; byStatus: Record<string, number> };
	/** Ends a live call now. */
	finishCall(sid: string, finish: FinishRequest): 'finished' | 'unknown' | 'already-ended';
	reset(): void;
}

export interface ProviderRegistration {
	name: string;
	/** The environment variables without which the provider is not opened. */
	needs: readonly string[];
	open(context: SandboxContext, environment: SandboxEnvironment): SandboxProvider;
}

export type SandboxEnvironment = Readonly<Record<string, string | undefined>>;
