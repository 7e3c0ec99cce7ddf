import { adminRouter } from './routers/admin';
import { callsRouter } from './routers/calls';
import { dashboardRouter } from './routers/dashboard';
import { leadsRouter } from './routers/leads';
import { liveRouter } from './routers/live';
import { minutesRouter } from './routers/minutes';
import { recordingsRouter } from './routers/recordings';
import { salesRouter } from './routers/sales';
import { router } from './init';

export const appRouter = router({
	dashboard: dashboardRouter,
	minutes: minutesRouter,
	calls: callsRouter,
	recordings: recordingsRouter,
	leads: leadsRouter,
	sales: salesRouter,
	live: liveRouter,
	admin: adminRouter
});

export type AppRouter = typeof appRouter;
