export const ORGANIZATION_TABS = [
	{ id: 'calls', title: 'Calls' },
	{ id: 'allocations', title: 'Allocations' },
	{ id: 'usage', title: 'Usage log' },
	{ id: 'members', title: 'Members' },
	{ id: 'policies', title: 'Policies' },
	{ id: 'wallet', title: 'Wallet' },
	{ id: 'audit', title: 'Audit' }
] as const;

export type OrganizationTab = (typeof ORGANIZATION_TABS)[number]['id'];
