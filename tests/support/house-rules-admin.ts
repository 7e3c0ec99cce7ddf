/** The rules of the super admin's console: {@link ADMIN_RULES}. */
import { v7 as uuid } from 'uuid';
import { getFleet } from '$lib/server/fleet/get-fleet';
import { getFleetTotals } from '$lib/server/fleet/get-fleet-totals';
import { listFleet } from '$lib/server/fleet/list-fleet';
import { grantMinutes } from '$lib/server/minutes/grant-minutes';
import { type Rule, ANY_KNOWN, FORBIDDEN, OK } from './house-rule';

export const ADMIN_RULES: Rule[] = [
	{
		verb: 'getFleet',
		run: (ctx) => getFleet({ ctx, input: {} }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'listFleet',
		procedure: 'admin.fleet',
		run: (ctx) => listFleet({ ctx, input: {} }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'getFleetTotals',
		procedure: 'admin.fleetTotals',
		run: (ctx) => getFleetTotals({ ctx }),
		superAdmin: OK,
		member: FORBIDDEN
	},
	{
		verb: 'grantMinutes',
		procedure: 'admin.minutes.grant',
		run: (ctx, { organizationId }) =>
			grantMinutes({
				ctx,
				input: {
					requestId: uuid(),
					organizationIds: [organizationId],
					mode: 'set',
					minutes: 7,
					reason: 'for a test'
				}
			}),
		superAdmin: ANY_KNOWN,
		member: FORBIDDEN
	}
];
