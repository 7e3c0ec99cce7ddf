/**
 * A provider's bill against our calls, row by row: two opposite errors give the right total, so totals
 * prove nothing (LESSONS.md 3.10). A call may have several legs, each with a price; only one of them is
 * the talk we charged for, and the others are its cost (PROVIDERS.md section 0, point 1).
 */
import { readCostMicros } from '../call/facts';
import type { Provider } from '../call/event';
import type { CallStatus } from '../call/status';

/** One leg on the provider's bill. */
export interface BilledLeg {
	providerCallId: string;
	/** The leg this one belongs to; null or absent where it stands alone. */
	parentProviderCallId?: string | null;
	callId: string | null;
	status: CallStatus | null;
	rawStatus: string;
	talkSeconds: number | null;
	cost: { amount: string; currency: string } | null;
	startedAtMs: number | null;
	to: string;
}

/** One of our calls. */
export interface ChargedCall {
	id: string;
	organizationId: number;
	provider: Provider;
	providerCallId: string | null;
	status: CallStatus;
	talkSeconds: number;
	to: string;
	initiatedAtMs: number;
	/** What its wallet paid or owes, and the minutes allocations paid or are owed. */
	chargedMicros: bigint;
	chargedMinutes: number;
	/** It is not over yet: another day's check tells of it. */
	isLive: boolean;
}

export interface BillFinding {
	kind: 'match' | 'provider_only' | 'ours_only' | 'mismatch';
	note: string | null;
	providerCallId: string | null;
	callId: string | null;
	organizationId: number | null;
	to: string;
	startedAtMs: number | null;
	ourStatus: CallStatus | null;
	providerStatus: string | null;
	ourSeconds: number | null;
	providerSeconds: number | null;
	/** Of all legs; null where none had a price, or where they have several currencies. */
	costMicros: bigint | null;
	currency: string | null;
	chargedMicros: bigint | null;
	chargedMinutes: number | null;
	/** Charged minus cost; null where minutes paid a part, or the cost is not in dollars. */
	marginMicros: bigint | null;
}

/** Providers round seconds each in their own way (PROVIDERS.md section 0: 24.2 against "24"). */
const SECONDS_TOLERANCE = 1;

/**
 * Compares a day.
 * @param legs as listed, in any order, repeated or not; a little more than the day on both sides
 * @param ours every call of the day, and every other call that a leg belongs to
 */
export function compareBill(
	legs: Iterable<BilledLeg>,
	ours: readonly ChargedCall[],
	day: { fromMs: number; toMs: number }
): BillFinding[] {
	const isOfDay = (atMs: number | null) => atMs !== null && atMs >= day.fromMs && atMs < day.toMs;
	const callByLeg = new Map(
		ours.flatMap((call) => (call.providerCallId ? [[call.providerCallId, call]] : []))
	);
	const callById = new Map(ours.map((call) => [call.id, call]));
	const findings: BillFinding[] = [];
	const listed = new Set<string>();
	for (const family of familiesOf(legs)) {
		const billed = family.find((leg) => callByLeg.has(leg.providerCallId));
		const named = family.find((leg) => leg.callId !== null && callById.has(leg.callId));
		const call = billed ? callByLeg.get(billed.providerCallId) : callById.get(named?.callId ?? '');
		const leg = billed ?? named ?? mainLegOf(family);
		if (!call) {
			if (leg && isOfDay(leg.startedAtMs)) findings.push(providerOnly(leg, family));
			continue;
		}
		if (listed.has(call.id) || !leg) continue;
		listed.add(call.id);
		if (!call.isLive && isOfDay(call.initiatedAtMs)) findings.push(onBoth(call, leg, family));
	}
	for (const call of ours) {
		const isMissing = !listed.has(call.id) && !call.isLive;
		if (isMissing && isOfDay(call.initiatedAtMs)) findings.push(oursOnly(call));
	}
	return findings;
}

/** Legs that belong together, each once. */
function familiesOf(legs: Iterable<BilledLeg>): BilledLeg[][] {
	const byId = new Map<string, BilledLeg>();
	for (const leg of legs) byId.set(leg.providerCallId, leg);
	const families = new Map<string, BilledLeg[]>();
	for (const leg of byId.values()) {
		const root = leg.parentProviderCallId ?? leg.providerCallId;
		families.set(root, [...(families.get(root) ?? []), leg]);
	}
	return [...families.values()].map((family) =>
		family.sort((first, second) => (first.providerCallId < second.providerCallId ? -1 : 1))
	);
}

/** Of legs nobody knows the one that was talked on longest tells of all. */
function mainLegOf(family: BilledLeg[]): BilledLeg | undefined {
	return [...family].sort(
		(first, second) => (second.talkSeconds ?? 0) - (first.talkSeconds ?? 0)
	)[0];
}

function costOf(family: BilledLeg[]): { costMicros: bigint | null; currency: string | null } {
	const costs = family.flatMap(({ cost }) => {
		const amount = cost && readCostMicros(cost.amount);
		return cost && amount !== null ? [{ amount, currency: cost.currency }] : [];
	});
	const currencies = new Set(costs.map(({ currency }) => currency));
	const [currency] = currencies;
	if (currency === undefined || currencies.size > 1) return { costMicros: null, currency: null };
	return { costMicros: costs.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n), currency };
}

function onBoth(call: ChargedCall, leg: BilledLeg, family: BilledLeg[]): BillFinding {
	const differences = differencesOf(call, leg);
	return {
		...ourSide(call),
		...providerSide(leg, family),
		kind: differences.length === 0 ? 'match' : 'mismatch',
		note: differences.length === 0 ? null : differences.join(' '),
		to: call.to,
		marginMicros: marginOf(call, family)
	};
}

function differencesOf(call: ChargedCall, leg: BilledLeg): string[] {
	const theirSeconds = leg.talkSeconds ?? 0;
	const isTalkTold = call.status === 'completed' || leg.status === 'completed';
	return [
		...(leg.status !== call.status
			? [`We have ${call.status}, the provider ${leg.status ?? `"${leg.rawStatus}"`}.`]
			: []),
		...(isTalkTold && Math.abs(theirSeconds - call.talkSeconds) > SECONDS_TOLERANCE
			? [`We have ${call.talkSeconds} s of talk, the provider ${theirSeconds} s.`]
			: [])
	];
}

function marginOf(call: ChargedCall, family: BilledLeg[]): bigint | null {
	const { costMicros, currency } = costOf(family);
	if (costMicros === null || currency !== 'USD' || call.chargedMinutes > 0) return null;
	return call.chargedMicros - costMicros;
}

function providerOnly(leg: BilledLeg, family: BilledLeg[]): BillFinding {
	const nothingOfOurs = {
		callId: null,
		organizationId: null,
		ourStatus: null,
		ourSeconds: null,
		chargedMicros: null,
		chargedMinutes: null
	};
	const { costMicros, currency } = costOf(family);
	return {
		...nothingOfOurs,
		...providerSide(leg, family),
		kind: 'provider_only',
		note: 'The provider bills a call that Talktime did not place.',
		to: leg.to,
		marginMicros: costMicros !== null && currency === 'USD' ? -costMicros : null
	};
}

function oursOnly(call: ChargedCall): BillFinding {
	return {
		...ourSide(call),
		kind: 'ours_only',
		note:
			call.providerCallId === null
				? 'The call never had an id at the provider.'
				: "The call is not on the provider's bill.",
		to: call.to,
		providerCallId: call.providerCallId,
		startedAtMs: call.initiatedAtMs,
		providerStatus: null,
		providerSeconds: null,
		costMicros: null,
		currency: null,
		marginMicros: null
	};
}

function ourSide(call: ChargedCall) {
	return {
		callId: call.id,
		organizationId: call.organizationId,
		ourStatus: call.status,
		ourSeconds: call.talkSeconds,
		chargedMicros: call.chargedMicros,
		chargedMinutes: call.chargedMinutes
	};
}

function providerSide(leg: BilledLeg, family: BilledLeg[]) {
	return {
		providerCallId: leg.providerCallId,
		startedAtMs: leg.startedAtMs,
		providerStatus: leg.rawStatus,
		providerSeconds: leg.talkSeconds,
		...costOf(family)
	};
}
