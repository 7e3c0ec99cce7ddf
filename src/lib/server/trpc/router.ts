import { accountRouter } from './routers/account';
import { adminRouter } from './routers/admin';
import { alertsRouter, webhooksRouter } from './routers/alerts';
import { analyticsRouter } from './routers/analytics';
import { budgetsRouter } from './routers/budgets';
import { callsRouter } from './routers/calls';
import { campaignsRouter } from './routers/campaigns';
import { contactsRouter } from './routers/contacts';
import { dashboardRouter } from './routers/dashboard';
import { dialerRouter } from './routers/dialer';
import { leadsRouter } from './routers/leads';
import { liveRouter } from './routers/live';
import { minutesRouter } from './routers/minutes';
import { outcomesRouter } from './routers/outcomes';
import { recordingsRouter } from './routers/recordings';
import { reportsRouter } from './routers/reports';
import { salesRouter } from './routers/sales';
import { teamRouter } from './routers/team';
import { tokensRouter } from './routers/tokens';
import { walletRouter } from './routers/wallet';
import { router } from './init';

export const appRouter = router({
	dashboard: dashboardRouter,
	minutes: minutesRouter,
	budgets: budgetsRouter,
	wallet: walletRouter,
	tokens: tokensRouter,
	calls: callsRouter,
	recordings: recordingsRouter,
	reports: reportsRouter,
	leads: leadsRouter,
	dialer: dialerRouter,
	outcomes: outcomesRouter,
	campaigns: campaignsRouter,
	contacts: contactsRouter,
	sales: salesRouter,
	analytics: analyticsRouter,
	alerts: alertsRouter,
	webhooks: webhooksRouter,
	live: liveRouter,
	account: accountRouter,
	team: teamRouter,
	admin: adminRouter
});

export type AppRouter = typeof appRouter;
