import { describe, expect, it } from 'vitest';
import { isAllowed, PERMISSIONS, ROLES, type Permission, type Role } from './permissions';

const permissions = Object.keys(PERMISSIONS) as Permission[];

// [permission, super_admin, manager, agent]
const MATRIX: [Permission, boolean, boolean, boolean][] = [
	['account.use', true, true, true],
	['team.read', true, true, false],
	['team.write', true, true, false],
	['team.erase', true, true, false],
	['minutes.read', true, true, true],
	['calls.read', true, true, true],
	['calls.place', true, true, true],
	['calls.hang_up', true, true, true],
	['calls.supervise', true, true, false],
	['calls.settings', true, true, false],
	['recordings.read', true, true, true],
	['recordings.delete', true, true, false],
	['leads.read', false, true, true],
	['outcomes.read', false, true, true],
	['outcomes.write', false, true, true],
	['dispositions.write', false, true, false],
	['leads.write', false, true, true],
	['campaigns.read', false, true, true],
	['campaigns.run', false, true, true],
	['campaigns.settings', false, true, false],
	['metrics.read', true, true, true],
	['analytics.read', true, true, true],
	['analytics.export', true, true, false],
	['live.read', true, true, true],
	['deliveries.read', true, false, false],
	['deliveries.replay', true, false, false],
	['bills.read', true, false, false],
	['bills.check', true, false, false],
	['providers.read', true, false, false],
	['caller_ids.write', true, false, false],
	['fleet.read', true, false, false],
	['minutes.allocate', true, false, false],
	['minutes.consume', true, true, false],
	['wallet.read', true, true, true],
	['wallet.pay', false, true, false],
	['wallet.adjust', true, false, false],
	['budgets.read', true, true, false],
	['budgets.write', true, true, false],
	['payments.refund', true, false, false],
	['rates.write', true, false, false],
	['organizations.switch', true, false, false],
	['organizations.create', true, false, false],
	['users.create', true, false, false],
	['tokens.create', true, true, false],
	['calls.hang_up_any', true, false, false],
	['contacts.read', false, true, true],
	['contacts.write', false, true, true],
	['contacts.import', false, true, false],
	['contacts.export', false, true, false],
	['contacts.erase', false, true, false],
	['contacts.lookup', true, true, true],
	['reports.read', true, true, false],
	['rates.read', true, false, false],
	['audit.read', true, false, false],
	['jobs.read', true, false, false],
	['jobs.retry', true, false, false],
	['settings.write', true, false, false],
	['guard.write', true, false, false],
	['organizations.update', true, false, false],
	['alerts.read', true, true, true],
	['webhooks.write', false, true, false],
	['mails.read', true, false, false],
	['sales.request', false, true, true]
];

describe('permissions', () => {
	it.each(MATRIX)(
		'given %s, then super admin %s, manager %s, agent %s',
		(permission, ...allowed) => {
			expect(ROLES.map((role) => isAllowed(role, permission))).toEqual(allowed);
		}
	);

	it('given every permission, then the table above names it', () => {
		expect(new Set(MATRIX.map(([permission]) => permission))).toEqual(new Set(permissions));
	});

	it('given an agent, then a manager of the same organisation may do all the agent may', () => {
		for (const permission of permissions) {
			if (isAllowed('agent', permission)) expect(isAllowed('manager', permission)).toBe(true);
		}
	});

	it('given a role nobody defined, then it may do nothing', () => {
		const stranger = 'owner' as Role;
		expect(permissions.filter((permission) => isAllowed(stranger, permission))).toEqual([]);
	});
});
