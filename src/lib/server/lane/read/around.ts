/**
 * What stands around a batch: the lots, counters and budgets of its organisations. Which these are is known
 * for certain once the organisations are locked and the calls are read; for calls that are to be placed it
 * is foreseen, and read behind the locks in the same go.
 */
import type { Call } from '$lib/domain/call/call';
import type { Organization } from '$lib/domain/lane/state';
import { localDay } from '$lib/domain/time-zone';
import type { PreparedTransaction } from '../../db/prepared';
import { periodStarts, readBudgetRows, type ReadBudgets } from './budgets';
import type { Named } from './named';
import { rows, type Rows } from './organizations';
import { toArray, type Parameters } from './parameters';
import { AROUND } from './queries';

/** Whose credit and budgets count, and on which days. */
export interface Around {
	organizationIds: Set<number>;
	/** People and campaigns. */
	subjectIds: Set<string>;
	days: Set<string>;
}

const DAY_MS = 86_400_000;

/**
 * What will be around commands that name their organisations, and no call that is there already.
 * @returns null when it cannot be said yet
 */
export function foresee(named: Named, nowMs: number): Around | null {
	if (named.callIds.length > 0 || named.providerCalls.length > 0) return null;
	// No zone is further from Greenwich than a day.
	const days = [nowMs - DAY_MS, nowMs, nowMs + DAY_MS].map((ms) => new Date(ms).toISOString());
	return {
		organizationIds: new Set(named.organizationIds),
		subjectIds: new Set(named.subjectIds),
		days: new Set(days.map((moment) => moment.slice(0, 10)))
	};
}

/** The locked organisations, with the days and people of the commands and of the calls they name. */
export function aroundOf(
	named: Named,
	organizations: Map<number, Organization>,
	calls: Call[],
	nowMs: number
): Around {
	const days = new Set(calls.map(({ localDay: day }) => day));
	for (const { timezone } of organizations.values()) days.add(localDay(nowMs, timezone));
	const subjects = calls
		.flatMap(({ userId, campaignId }) => [userId, campaignId])
		.filter((id) => id !== null);
	return {
		organizationIds: new Set(organizations.keys()),
		subjectIds: new Set([...named.subjectIds, ...subjects]),
		days
	};
}

export function includes(one: Around, other: Around): boolean {
	return (
		isSubset(other.organizationIds, one.organizationIds) &&
		isSubset(other.subjectIds, one.subjectIds) &&
		isSubset(other.days, one.days)
	);
}

function isSubset<Item>(some: Set<Item>, all: Set<Item>): boolean {
	for (const item of some) if (!all.has(item)) return false;
	return true;
}

/** What stands there, as its rows. */
export interface ReadAround {
	/** Of the calls that are to be placed and were asked for: those that are there already. */
	callIds: string[];
	lotRows: Rows;
	dayRows: Rows;
	budgets: ReadBudgets;
}

export async function readAround(
	tx: PreparedTransaction,
	{ organizationIds, subjectIds, days }: Around,
	parameters: Parameters,
	statement = AROUND
): Promise<ReadAround> {
	const [found] = await rows(tx, statement, {
		...parameters,
		lockedIds: toArray(organizationIds),
		subjectIds: toArray(subjectIds),
		days: toArray(days),
		starts: toArray(periodStarts(days))
	});
	return {
		callIds: found.call_ids ?? [],
		lotRows: found.lots ?? [],
		dayRows: found.days ?? [],
		budgets: readBudgetRows(found.budgets ?? [])
	};
}
