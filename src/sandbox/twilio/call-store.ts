import type { TwilioCall } from './call-record';
import { TwilioError } from './errors';

const MOST_CALLS = 20_000;

interface MomentRange {
	at: string | null;
	from: string | null;
	until: string | null;
}

export interface CallFilter {
	to: string | null;
	from: string | null;
	status: string | null;
	parentCallSid: string | null;
	startTime: MomentRange;
	endTime: MomentRange;
}

function readRange(query: URLSearchParams, field: string): MomentRange {
	return { at: query.get(field), from: query.get(`${field}>`), until: query.get(`${field}<`) };
}

/** Filters of a list request (PROVIDERS.md 1.4). */
export function readCallFilter(query: URLSearchParams): CallFilter {
	return {
		to: query.get('To'),
		from: query.get('From'),
		status: query.get('Status'),
		parentCallSid: query.get('ParentCallSid'),
		startTime: readRange(query, 'StartTime'),
		endTime: readRange(query, 'EndTime')
	};
}

/** Both bounds include their second; a bare date means its whole UTC day. */
function isWithin(moment: Date | null, range: MomentRange): boolean {
	if (range.at === null && range.from === null && range.until === null) return true;
	if (moment === null) return false;
	const second = moment.toISOString().slice(0, 19);
	const clip = (bound: string): string => second.slice(0, bound.replace(/Z$/, '').length);
	const plain = (bound: string): string => bound.replace(/Z$/, '').slice(0, 19);
	if (range.at !== null && clip(range.at) !== plain(range.at)) return false;
	if (range.from !== null && clip(range.from) < plain(range.from)) return false;
	return range.until === null || clip(range.until) <= plain(range.until);
}

function matches(call: TwilioCall, filter: CallFilter): boolean {
	return (
		(filter.to === null || call.parameters.to === filter.to) &&
		(filter.from === null || call.parameters.from === filter.from) &&
		(filter.status === null || call.status === filter.status) &&
		(filter.parentCallSid === null || call.parentCallSid === filter.parentCallSid) &&
		isWithin(call.startedAt ?? call.createdAt, filter.startTime) &&
		isWithin(call.endedAt, filter.endTime)
	);
}

/** The last 20,000 calls, in memory, in the order they were created. */
export class CallStore {
	readonly #calls = new Map<string, TwilioCall>();
	#callsCreated = 0;

	/** How many calls were ever created: the ordinal of the next one. */
	get callsCreated(): number {
		return this.#callsCreated;
	}

	/** Keeps a call; the oldest ended one makes room. Throws 20429 when all of them are live. */
	add(call: TwilioCall): void {
		if (this.#calls.size >= MOST_CALLS) this.#forgetOldestEnded();
		this.#calls.set(call.sid, call);
		this.#callsCreated += 1;
	}

	find(sid: string): TwilioCall | null {
		return this.#calls.get(sid) ?? null;
	}

	/** The call of a recording that has been made. */
	findByRecording(recordingSid: string): TwilioCall | null {
		for (const call of this.#calls.values()) {
			if (call.recording?.sid === recordingSid) return call;
		}
		return null;
	}

	/** Matching calls, newest first. */
	list(filter: CallFilter): TwilioCall[] {
		return this.newestFirst().filter((call) => matches(call, filter));
	}

	newestFirst(): TwilioCall[] {
		return [...this.#calls.values()].reverse();
	}

	clear(): void {
		for (const call of this.#calls.values()) call.isForgotten = true;
		this.#calls.clear();
	}

	#forgetOldestEnded(): void {
		for (const call of this.#calls.values()) {
			if (call.stage !== 'ended') continue;
			this.#calls.delete(call.sid);
			return;
		}
		throw new TwilioError(429, 20429, 'Too Many Requests: 20,000 calls are live');
	}
}
