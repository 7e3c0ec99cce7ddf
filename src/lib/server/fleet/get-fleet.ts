import { STUCK_MINUTES_DEFAULT, type FleetInput } from '$lib/inputs';
import type {
	AllocationHistoryView,
	AllocationScheduleView,
	CallView,
	FleetPageView,
	FleetTotalsView,
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
import { listSalesRequests } from '../sales/list-sales-requests';
import { getFleetTotals } from './get-fleet-totals';
import { listFleet } from './list-fleet';

export interface Fleet {
	cursor: string;
	fleet: FleetPageView;
	totals: FleetTotalsView;
	history: AllocationHistoryView[];
	schedules: AllocationScheduleView[];
	calls: CallView[];
	salesRequests: SalesRequestView[];
	stuck: StuckView[];
}

/** What the super admin's page opens with. The cursor is read first, so the stream joins without a gap. */
export async function getFleet({
	ctx,
	input
}: {
	ctx: Context;
	input: FleetInput;
}): Promise<Fleet> {
	requirePerson(ctx, 'fleet.read');
	const cursor = await currentCursor(ctx.services, null);
	const [fleet, totals, history, schedules, calls, salesRequests, stuck] = await Promise.all([
		listFleet({ ctx, input }),
		getFleetTotals({ ctx }),
		listAllocationHistory({ ctx, input: {} }),
		listSchedules({ ctx, input: {} }),
		listRecentCalls({ ctx, input: { limit: 20 } }),
		listSalesRequests({ ctx }),
		listStuckCalls({ ctx, input: { minutes: STUCK_MINUTES_DEFAULT } })
	]);
	return { cursor, fleet, totals, history: history.rows, schedules, calls, salesRequests, stuck };
}
