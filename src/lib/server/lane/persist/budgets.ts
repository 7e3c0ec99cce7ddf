import { sql } from 'drizzle-orm';
import type { Ledger } from '../ledger';
import { at, writePart, type Write } from './records';

const UPSERT_BUDGETS = writePart(
	'budgets',
	(records) => sql`
	insert into budgets (id, organization_id, scope, user_id, campaign_id, period, limit_minutes, is_active,
		created_by, created_at)
	select id, "organizationId", scope, case when scope = 'user' then "subjectId" end,
		case when scope = 'campaign' then "subjectId" end, period, "limitMinutes", "isActive", "changedBy",
		${at('changedAtMs')}
	from json_to_recordset(${records}) as r(id uuid, "organizationId" int, scope text, "subjectId" uuid,
		period text, "limitMinutes" int, "isActive" boolean, "changedBy" uuid, "changedAtMs" bigint)
	on conflict (id) do update set limit_minutes = excluded.limit_minutes, is_active = excluded.is_active`
);

const UPSERT_BUDGET_PERIODS = writePart(
	'budget_periods',
	(records) => sql`
	insert into budget_periods (organization_id, budget_id, period_start, used_minutes, held_minutes)
	select "organizationId", "budgetId", "periodStart", "usedMinutes", "heldMinutes"
	from json_to_recordset(${records}) as r("organizationId" int, "budgetId" uuid, "periodStart" date,
		"usedMinutes" int, "heldMinutes" int)
	on conflict (budget_id, period_start) do update set used_minutes = excluded.used_minutes,
		held_minutes = excluded.held_minutes`
);

export function writeBudgets(ledger: Ledger, write: Write): void {
	write(
		[...ledger.budgets.values()].map(({ budget, ...change }) => ({ ...budget, ...change })),
		UPSERT_BUDGETS
	);
	write(ledger.budgetUses, UPSERT_BUDGET_PERIODS);
}
