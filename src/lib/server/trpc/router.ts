import { adminRouter } from './routers/admin';
import { callsRouter } from './routers/calls';
import { dashboardRouter } from './routers/dashboard';
import { leadsRouter } from './routers/leads';
import { liveRouter } from './routers/live';
import { minutesRouter } from './routers/minutes';
import { salesRouter } from './routers/sales';
import { walletRouter } from './routers/wallet';
import { router } from './init';

export const appRouter = router({
	dashboard: dashboardRouter,
	minutes: minutesRouter,
	wallet: walletRouter,
	calls: callsRouter,
	leads: leadsRouter,
	sales: salesRouter,
	live: liveRouter,
	admin: adminRouter
});

export type AppRouter = typeof appRouter;
