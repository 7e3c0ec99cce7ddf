import { getGuard } from '$lib/server/fraud/get-guard';
import { listPaused } from '$lib/server/fraud/list-paused';
import { releaseGuard } from '$lib/server/fraud/release-guard';
import { setGuard } from '$lib/server/fraud/set-guard';
import { ANY_KNOWN, FORBIDDEN, OK, type Rule } from './house-rule';

export const GUARD_RULES: Rule[] = [
	{
		verb: 'getGuard',
		procedure: 'admin.guard.get',
		run: (ctx, { organizationId }) => getGuard({ ctx, input: { organizationId } }),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	{
		verb: 'listPaused',
		procedure: 'admin.guard.paused',
		run: (ctx) => listPaused({ ctx }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'setGuard',
		procedure: 'admin.guard.set',
		run: (ctx, { organizationId }) =>
			setGuard({ ctx, input: { organizationId, allowedCountries: ['GB'] } }),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	},
	{
		verb: 'releaseGuard',
		procedure: 'admin.guard.release',
		run: (ctx, { organizationId }) => releaseGuard({ ctx, input: { organizationId } }),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	}
];
