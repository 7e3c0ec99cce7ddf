import { sql } from 'drizzle-orm';
import { affordableMinutes } from '$lib/domain/credit/funding';
import { DEFAULT_RATE } from '$lib/domain/credit/rating';
import { CAMPAIGN_KINDS } from '$lib/domain/campaigns/campaign';
import { forecastBatch as forecast, type CallHistory } from '$lib/domain/campaigns/forecast';
import { localDay } from '$lib/domain/time-zone';
import type { ForecastBatchInput } from '$lib/inputs';
import type { BatchForecastView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { chosenLeads } from '../leads/lead-filters';
import { loadCredit } from '../wallet/load-credit';
import { missingFor } from './create-campaign';
import { findStartBlock } from './find-start-block';

const HISTORY_DAYS = 30;
const DAY_MS = 86_400_000;

/** What a batch will take, from how the organisation's calls of the last month went. */
export async function forecastBatch({
	ctx,
	input
}: {
	ctx: Context;
	input: ForecastBatchInput;
}): Promise<BatchForecastView> {
	const person = requirePerson(ctx, 'campaigns.read');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	const leads = await chosenLeads(ctx, organizationId, input.choice);
	const [loaded, [counted], block] = await Promise.all([
		loadCredit(db, organizationId),
		db.execute<{ leads: string; forbidden: string }>(sql`
			select count(*) filter (where not k.do_not_call) as leads,
				count(*) filter (where k.do_not_call) as forbidden
			from (${leads}) n join contacts k on k.id = n.contact_id`),
		findStartBlock(ctx, { organizationId, kind: input.kind })
	]);
	if (!loaded) throw new AppError('not_found', 'There is no such organisation.');
	const { credit, organization } = loaded;
	return {
		...forecast({
			leads: Number(counted?.leads ?? 0),
			attemptsMax: input.attemptsMax,
			history: await readHistory(ctx, organizationId, organization.timezone),
			affordableMinutes: affordableMinutes(credit, DEFAULT_RATE, ctx.nowMs)
		}),
		doNotCall: Number(counted?.forbidden ?? 0),
		kinds: CAMPAIGN_KINDS.map((kind) => ({ kind, missing: missingFor(ctx, person, kind) })),
		block
	};
}

async function readHistory(
	ctx: Context,
	organizationId: number,
	timezone: string
): Promise<CallHistory> {
	const from = localDay(ctx.nowMs - HISTORY_DAYS * DAY_MS, timezone);
	const [row] = await ctx.services.database.db.execute<Record<string, string>>(sql`
		select coalesce(sum(completed + failed + cancelled), 0) as calls, coalesce(sum(completed), 0) as answered,
			coalesce(sum(billed_minutes), 0) as minutes
		from call_stats_daily where organization_id = ${organizationId} and day >= ${from}::date`);
	return {
		calls: Number(row?.calls ?? 0),
		answered: Number(row?.answered ?? 0),
		billedMinutes: Number(row?.minutes ?? 0)
	};
}
