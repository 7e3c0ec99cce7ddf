export const ROLES = ['super_admin', 'manager', 'agent'] as const;
export type Role = (typeof ROLES)[number];

/** Every right in Talktime, with the roles that have it. One place, read by pages and server alike. */
export const PERMISSIONS = {
	'account.use': ['super_admin', 'manager', 'agent'],
	'team.read': ['super_admin', 'manager'],
	'team.write': ['super_admin', 'manager'],
	'minutes.read': ['super_admin', 'manager', 'agent'],
	'calls.read': ['super_admin', 'manager', 'agent'],
	'calls.place': ['super_admin', 'manager', 'agent'],
	'calls.hang_up': ['super_admin', 'manager', 'agent'],
	'calls.hang_up_any': ['super_admin'],
	'calls.supervise': ['super_admin', 'manager'],
	'calls.settings': ['super_admin', 'manager'],
	'recordings.read': ['super_admin', 'manager', 'agent'],
	'recordings.delete': ['super_admin', 'manager'],
	'leads.read': ['manager', 'agent'],
	'outcomes.read': ['manager', 'agent'],
	'outcomes.write': ['manager', 'agent'],
	'dispositions.write': ['manager'],
	'leads.write': ['manager', 'agent'],
	'campaigns.read': ['manager', 'agent'],
	'campaigns.run': ['manager', 'agent'],
	'campaigns.settings': ['manager'],
	'contacts.read': ['manager', 'agent'],
	'contacts.write': ['manager', 'agent'],
	'contacts.import': ['manager'],
	'contacts.export': ['manager'],
	'contacts.lookup': ['super_admin', 'manager', 'agent'],
	'metrics.read': ['super_admin', 'manager', 'agent'],
	'analytics.read': ['super_admin', 'manager', 'agent'],
	'analytics.export': ['super_admin', 'manager'],
	'reports.read': ['super_admin', 'manager'],
	'live.read': ['super_admin', 'manager', 'agent'],
	'fleet.read': ['super_admin'],
	'minutes.allocate': ['super_admin'],
	'minutes.consume': ['super_admin', 'manager'],
	'wallet.read': ['super_admin', 'manager', 'agent'],
	'wallet.pay': ['manager'],
	'wallet.adjust': ['super_admin'],
	'budgets.read': ['super_admin', 'manager'],
	'budgets.write': ['super_admin', 'manager'],
	'payments.refund': ['super_admin'],
	'rates.read': ['super_admin'],
	'rates.write': ['super_admin'],
	'audit.read': ['super_admin'],
	'jobs.read': ['super_admin'],
	'jobs.retry': ['super_admin'],
	'settings.write': ['super_admin'],
	'organizations.switch': ['super_admin'],
	'organizations.create': ['super_admin'],
	'guard.write': ['super_admin'],
	'organizations.update': ['super_admin'],
	'users.create': ['super_admin'],
	'tokens.create': ['super_admin', 'manager'],
	'deliveries.read': ['super_admin'],
	'deliveries.replay': ['super_admin'],
	'bills.read': ['super_admin'],
	'bills.check': ['super_admin'],
	'providers.read': ['super_admin'],
	'caller_ids.write': ['super_admin'],
	'alerts.read': ['super_admin', 'manager', 'agent'],
	'webhooks.write': ['manager'],
	'mails.read': ['super_admin'],
	'sales.request': ['manager', 'agent']
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

export function isAllowed(role: Role, permission: Permission): boolean {
	const roles: readonly Role[] = PERMISSIONS[permission];
	return roles.includes(role);
}
