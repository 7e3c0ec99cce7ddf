import { and, eq, sql } from 'drizzle-orm';
import { localDay } from '$lib/domain/time-zone';
import type {
	CallView,
	CreditsView,
	MetricsView,
	MinutesView,
	Page,
	RefusedCallView
} from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import { listBlocks } from '../calls/list-blocks';
import { listRecentCalls } from '../calls/list-recent-calls';
import type { Context } from '../context';
import { callStatsDaily, organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { toMetricsView } from '../lane/views';
import { currentCursor } from '../live/feed';
import { findMinutes } from '../minutes/minutes-rows';
import { findCredits } from '../wallet/credit-rows';

export interface Dashboard {
	cursor: string;
	minutes: MinutesView;
	credits: CreditsView;
	metrics: MetricsView;
	calls: CallView[];
	refused: Page<RefusedCallView>;
}

/** What the dashboard opens with. The cursor is read first, so the stream joins without a gap. */
export async function getDashboard({ ctx }: { ctx: Context }): Promise<Dashboard> {
	const person = requirePerson(ctx, 'metrics.read');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	const cursor = await currentCursor(ctx.services, organizationId);
	const [minutes, credits, calls, refused, [organization]] = await Promise.all([
		findMinutes(db, organizationId, ctx.nowMs),
		findCredits(db, organizationId),
		listRecentCalls({ ctx, input: { limit: 20 } }),
		listBlocks({ ctx, input: {} }),
		db
			.select({ timezone: organizations.timezone })
			.from(organizations)
			.where(eq(organizations.id, organizationId))
	]);
	if (!minutes || !credits || !organization)
		throw new AppError('not_found', 'There is no such organisation.');
	const day = localDay(ctx.nowMs, organization.timezone);
	const days = await db
		.select()
		.from(callStatsDaily)
		.where(
			and(
				eq(callStatsDaily.organizationId, organizationId),
				sql`${callStatsDaily.day} = ${day}::date`
			)
		);
	const state = {
		id: organizationId,
		timezone: organization.timezone,
		liveCalls: minutes.liveCalls
	};
	return {
		cursor,
		minutes,
		credits,
		metrics: toMetricsView(state, day, days, minutes.version),
		calls,
		refused
	};
}
