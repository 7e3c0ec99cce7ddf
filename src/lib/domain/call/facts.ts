/**
 * What a delivery tells of a call besides its status: what it cost us, who answered, what was recorded
 * and said. Facts come in any order, again and again, and long after the end; they never move the call
 * and never touch money (PROVIDERS.md section 0, point 2, and section 6).
 */
import type { Call } from './call';
import type { AnsweredBy, CallFacts, RecordingFact } from './event';

/** The price is asked for this long after the end, at the earliest, and for a day at the longest. */
export const COST_FIRST_CHECK_MS = 60_000;
export const COST_GIVEN_UP_AFTER_MS = 86_400_000;

/**
 * The call with the facts that belong to its row.
 * @param heardAtMs when they reached us: of two prices the one heard later counts, also when it is
 *   applied first
 * @returns the same call when it knew all of them
 */
export function applyFacts(call: Call, facts: CallFacts, heardAtMs: number): Call {
	return withAnsweredBy(withCost(call, facts.cost, heardAtMs), facts.answeredBy);
}

function withCost(call: Call, cost: CallFacts['cost'], heardAtMs: number): Call {
	const costMicros = cost && readCostMicros(cost.amount);
	if (!cost || costMicros === undefined || costMicros === null) return call;
	if (!isLaterCost(call, costMicros, heardAtMs)) return call;
	return {
		...call,
		providerCostMicros: costMicros,
		providerCostCurrency: cost.currency,
		providerCostAtMs: heardAtMs,
		costState: 'known',
		costCheckAtMs: null
	};
}

/** Of two prices heard at the same moment the higher one counts, so that their order does not matter. */
function isLaterCost(call: Call, costMicros: bigint, heardAtMs: number): boolean {
	const { providerCostMicros: known, providerCostAtMs } = call;
	if (known === null || providerCostAtMs === null) return true;
	return heardAtMs > providerCostAtMs || (heardAtMs === providerCostAtMs && costMicros > known);
}

/**
 * A provider's price in millionths of its currency; digits beyond are cut.
 * @returns null when the text is no amount
 */
export function readCostMicros(amount: string): bigint | null {
	const match = /^(\d{1,9})(?:\.(\d{1,30}))?$/.exec(amount);
	if (!match) return null;
	const [, whole = '0', decimals = ''] = match;
	return BigInt(whole) * 1_000_000n + BigInt(decimals.slice(0, 6).padEnd(6, '0'));
}

/** Where two verdicts differ the machine is believed: a voicemail taken for a talk misleads most. */
const CERTAINTY: Record<AnsweredBy, number> = { unknown: 0, human: 1, fax: 2, machine: 3 };

function withAnsweredBy(call: Call, answeredBy: AnsweredBy | undefined): Call {
	if (answeredBy === undefined) return call;
	const known = call.answeredBy === null ? -1 : CERTAINTY[call.answeredBy];
	return CERTAINTY[answeredBy] > known ? { ...call, answeredBy } : call;
}

/** A recording as our own list keeps it, before anything is fetched. */
export interface RecordingNews {
	organizationId: number;
	callId: string;
	provider: Call['provider'];
	key: string;
	sourceUrl: string;
	state: 'pending' | 'absent' | 'failed';
	seconds: number | null;
	channels: 1 | 2 | null;
}

/** What a fact says of a recording that is worth a row; a recording under way is not. */
export function readRecordingNews(call: Call, fact: RecordingFact): RecordingNews | null {
	if (fact.state === 'in_progress') return null;
	return {
		organizationId: call.organizationId,
		callId: call.id,
		provider: call.provider,
		key: fact.key,
		sourceUrl: fact.url,
		state: fact.state === 'completed' ? 'pending' : fact.state,
		seconds: fact.seconds,
		channels: fact.channels
	};
}

const HOPE = { absent: 0, failed: 1, pending: 2 };

/** Both pieces of news about one recording: the hopeful one counts, and null erases nothing. */
export function joinRecordingNews(first: RecordingNews, second: RecordingNews): RecordingNews {
	return {
		...second,
		state: HOPE[first.state] > HOPE[second.state] ? first.state : second.state,
		sourceUrl: second.sourceUrl === '' ? first.sourceUrl : second.sourceUrl,
		seconds: second.seconds ?? first.seconds,
		channels: second.channels ?? first.channels
	};
}

/** What was said in a call, as far as a delivery told it. */
export interface TranscriptNews {
	organizationId: number;
	callId: string;
	transcript: string | null;
	summary: string | null;
	heardAtMs: number;
}

export function readTranscriptNews(
	call: Call,
	facts: CallFacts,
	heardAtMs: number
): TranscriptNews | null {
	const [transcript, summary] = [facts.transcript || null, facts.summary || null];
	if (transcript === null && summary === null) return null;
	const { organizationId, id: callId } = call;
	return { organizationId, callId, transcript, summary, heardAtMs };
}
