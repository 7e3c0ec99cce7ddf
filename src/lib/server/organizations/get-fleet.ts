import { STUCK_MINUTES_DEFAULT } from '$lib/inputs';
import type {
	AllocationHistoryView,
	AllocationScheduleView,
	CallView,
	CreditsView,
	MinutesView,
	SalesRequestView,
	StuckView
} from '$lib/views';
import { requirePerson } from '../authorize';
import { listRecentCalls } from '../calls/list-recent-calls';
import { listStuckCalls } from '../calls/list-stuck-calls';
import type { Context } from '../context';
import { currentCursor } from '../live/feed';
import { listAllocationHistory } from '../minutes/list-allocation-history';
import { listSchedules } from '../minutes/list-schedules';
import { selectMinutes } from '../minutes/minutes-rows';
import { listCredits } from '../wallet/credit-rows';
import { listSalesRequests } from '../sales/list-sales-requests';

export interface Fleet {
	cursor: string;
	organizations: MinutesView[];
	credits: CreditsView[];
	history: AllocationHistoryView[];
	schedules: AllocationScheduleView[];
	calls: CallView[];
	salesRequests: SalesRequestView[];
	stuck: StuckView[];
}

/** What the super admin's page opens with. The cursor is read first, so the stream joins without a gap. */
export async function getFleet({ ctx }: { ctx: Context }): Promise<Fleet> {
	requirePerson(ctx, 'fleet.read');
	const cursor = await currentCursor(ctx.services, null);
	const [organizations, credits, history, schedules, calls, salesRequests, stuck] =
		await Promise.all([
			selectMinutes(ctx.services.database.db, ctx.nowMs),
			listCredits(ctx.services.database.db),
			listAllocationHistory({ ctx, input: {} }),
			listSchedules({ ctx, input: {} }),
			listRecentCalls({ ctx, input: { limit: 20 } }),
			listSalesRequests({ ctx }),
			listStuckCalls({ ctx, input: { minutes: STUCK_MINUTES_DEFAULT } })
		]);
	return {
		cursor,
		organizations,
		credits,
		history: history.rows,
		schedules,
		calls,
		salesRequests,
		stuck
	};
}
