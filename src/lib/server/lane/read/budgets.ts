/**
 * Budgets of the people and campaigns a batch is about. One that is being set and is new is counted from
 * the calls first and read without a limit, so that every decision of the batch keeps its counters right.
 */
import { sql } from 'drizzle-orm';
import {
	periodStart,
	type Budget,
	type BudgetPeriod,
	type BudgetScope,
	type BudgetUse
} from '$lib/domain/credit/budgets';
import type { SetBudget } from '$lib/domain/lane/commands';
import type { Organization } from '$lib/domain/lane/state';
import { localDay } from '$lib/domain/time-zone';
import { writeStatement, type PreparedTransaction } from '../../db/prepared';
import type { Named } from './named';
import { rows } from './organizations';

export interface ReadBudgets {
	budgets: Budget[];
	uses: BudgetUse[];
}

/** The first days of the periods that the days are in. */
export function periodStarts(days: Iterable<string>): Set<string> {
	return new Set([...days].flatMap((day) => [periodStart('day', day), periodStart('month', day)]));
}

/** With those that the batch sets and that are new, counted from the calls. */
export async function addNewBudgets(
	tx: PreparedTransaction,
	known: ReadBudgets,
	named: Named,
	organizations: Map<number, Organization>,
	nowMs: number
): Promise<ReadBudgets> {
	const drafts = named.newBudgets.filter(
		(command, index, all) =>
			organizations.has(command.organizationId) &&
			!known.budgets.some((budget) => isSame(budget, command)) &&
			all.findIndex((other) => isSame(other, command)) === index
	);
	if (drafts.length === 0) return known;
	const counted = await rows(tx, RECOUNT, { drafts: toDraftRecords(drafts, organizations, nowMs) });
	return {
		budgets: [...known.budgets, ...drafts.map(toDraft)],
		uses: [...known.uses, ...counted.map(toUse)]
	};
}

type Subject = Pick<SetBudget, 'organizationId' | 'subjectId' | 'period'>;

function isSame(one: Subject, other: Subject): boolean {
	return (
		one.organizationId === other.organizationId &&
		one.subjectId === other.subjectId &&
		one.period === other.period
	);
}

function toDraft({ budgetId, ...command }: SetBudget): Budget {
	const { organizationId, scope, subjectId, subjectName, period } = command;
	const subject = { organizationId, scope, subjectId, subjectName, period };
	return { id: budgetId, ...subject, limitMinutes: null, isActive: true };
}

interface UseRow {
	id: string;
	organization_id: number;
	period_start: string;
	used_minutes: number;
	held_minutes: number;
}

export interface BudgetRow extends Omit<UseRow, 'period_start'> {
	/** Null, as its counters are, while the period has seen nothing. */
	period_start: string | null;
	scope: BudgetScope;
	subject_id: string;
	subject_name: string;
	period: BudgetPeriod;
	limit_minutes: number;
}

export function readBudgetRows(found: BudgetRow[]): ReadBudgets {
	const budgets = new Map<string, Budget>();
	for (const row of found) {
		budgets.set(row.id, {
			id: row.id,
			organizationId: row.organization_id,
			scope: row.scope,
			subjectId: row.subject_id,
			subjectName: row.subject_name,
			period: row.period,
			limitMinutes: row.limit_minutes,
			isActive: true
		});
	}
	return {
		budgets: [...budgets.values()],
		uses: found.flatMap((row) =>
			row.period_start === null ? [] : [toUse({ ...row, period_start: row.period_start })]
		)
	};
}

function toUse(row: UseRow): BudgetUse {
	return {
		organizationId: row.organization_id,
		budgetId: row.id,
		periodStart: row.period_start,
		usedMinutes: row.used_minutes,
		heldMinutes: row.held_minutes
	};
}

/** The running period of each subject, and every earlier one in which a call of theirs is still live. */
const RECOUNT = writeStatement(sql`
	select n."budgetId" as id, n."organizationId" as organization_id,
		date_trunc(n.period, c.local_day::timestamp)::date as period_start,
		coalesce(sum(c.billed_minutes), 0)::int as used_minutes,
		coalesce(sum(h.held_minutes + (h.wallet_seconds + h.overdraft_seconds) / 60), 0)::int as held_minutes
	from json_to_recordset(${sql.placeholder('drafts')}::json) as n("budgetId" uuid, "organizationId" int,
		"subjectId" uuid, period text, start date)
	join calls c on c.organization_id = n."organizationId" and n."subjectId" in (c.user_id, c.campaign_id)
		and c.local_day >= least(n.start, (select date_trunc(n.period, min(l.local_day)::timestamp)::date
			from calls l where l.organization_id = n."organizationId"
			and l.status in ('initiated', 'ringing', 'in_progress')))
	left join credit_holds h on h.call_id = c.id and h.state = 'open'
	group by 1, 2, 3`);

function toDraftRecords(
	drafts: SetBudget[],
	organizations: Map<number, Organization>,
	nowMs: number
): string {
	const records = drafts.map(({ budgetId, organizationId, subjectId, period }) => {
		const timezone = organizations.get(organizationId)?.timezone ?? 'UTC';
		const start = periodStart(period, localDay(nowMs, timezone));
		return { budgetId, organizationId, subjectId, period, start };
	});
	return JSON.stringify(records);
}
