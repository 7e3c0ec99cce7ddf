import { getDashboard } from '../../dashboard/get-dashboard';
import { allowed, router } from '../init';

export const dashboardRouter = router({
	get: allowed('metrics.read').query(({ ctx }) => getDashboard({ ctx }))
});
