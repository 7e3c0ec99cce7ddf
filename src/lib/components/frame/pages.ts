import Building2 from '@lucide/svelte/icons/building-2';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import CreditCard from '@lucide/svelte/icons/credit-card';
import KeyRound from '@lucide/svelte/icons/key-round';
import FileText from '@lucide/svelte/icons/file-text';
import Gauge from '@lucide/svelte/icons/gauge';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import ListChecks from '@lucide/svelte/icons/list-checks';
import UserCog from '@lucide/svelte/icons/user-cog';
import Phone from '@lucide/svelte/icons/phone';
import Tags from '@lucide/svelte/icons/tags';
import Megaphone from '@lucide/svelte/icons/megaphone';
import UserRound from '@lucide/svelte/icons/user-round';
import Users from '@lucide/svelte/icons/users';
import type { Component } from 'svelte';
import { isAllowed } from '$lib/domain/permissions';
import type { Role } from '$lib/domain/permissions';
import { ADMIN_PAGES } from './admin-pages';

export interface FramePage {
	href: string;
	title: string;
	icon: Component<{ size?: number | string }>;
	/** The key after `g` that goes there. */
	jumpKey: string;
	isAdmin: boolean;
	isFor: (role: Role) => boolean;
}

export const PAGES: FramePage[] = [
	{
		href: '/dashboard',
		title: 'Dashboard',
		icon: LayoutDashboard,
		jumpKey: 'd',
		isAdmin: false,
		isFor: (role) => role !== 'super_admin'
	},
	{
		href: '/dashboard/dialer',
		title: 'Dialer',
		icon: Phone,
		jumpKey: 'c',
		isAdmin: false,
		isFor: (role) => isAllowed(role, 'outcomes.write')
	},
	{
		href: '/leads',
		title: 'Leads',
		icon: Users,
		jumpKey: 'l',
		isAdmin: false,
		isFor: (role) => isAllowed(role, 'leads.read')
	},
	{
		href: '/dashboard/call-history',
		title: 'Call history',
		icon: ChartColumn,
		jumpKey: 'h',
		isAdmin: false,
		isFor: (role) => role !== 'super_admin' && isAllowed(role, 'analytics.read')
	},
	{
		href: '/campaigns',
		title: 'Campaigns',
		icon: Megaphone,
		jumpKey: 'm',
		isAdmin: false,
		isFor: (role) => isAllowed(role, 'campaigns.read')
	},
	{
		href: '/settings/billing',
		title: 'Billing',
		icon: CreditCard,
		jumpKey: 'w',
		isAdmin: false,
		isFor: (role) => role !== 'super_admin' && isAllowed(role, 'wallet.read')
	},
	{
		href: '/reports',
		title: 'Reports',
		icon: FileText,
		jumpKey: 'r',
		isAdmin: false,
		isFor: (role) => role !== 'super_admin' && isAllowed(role, 'reports.read')
	},
	{
		href: '/contacts',
		title: 'Contacts',
		icon: UserRound,
		jumpKey: 'p',
		isAdmin: false,
		isFor: (role) => isAllowed(role, 'contacts.read')
	},
	{
		href: '/settings/budgets',
		title: 'Budgets',
		icon: Gauge,
		jumpKey: 'b',
		isAdmin: false,
		isFor: (role) => role !== 'super_admin' && isAllowed(role, 'budgets.write')
	},
	{
		href: '/settings/team',
		title: 'Team',
		icon: UserCog,
		jumpKey: 't',
		isAdmin: false,
		isFor: (role) => role !== 'super_admin' && isAllowed(role, 'team.read')
	},
	{
		href: '/settings/tokens',
		title: 'API tokens',
		icon: KeyRound,
		jumpKey: 'k',
		isAdmin: false,
		isFor: (role) => role === 'manager' && isAllowed(role, 'tokens.create')
	},
	{
		href: '/settings/outcomes',
		title: 'Outcomes',
		icon: Tags,
		jumpKey: 'o',
		isAdmin: false,
		isFor: (role) => isAllowed(role, 'dispositions.write')
	},
	{
		href: '/admin',
		title: 'Organizations',
		icon: Building2,
		jumpKey: 'a',
		isAdmin: true,
		isFor: (role) => isAllowed(role, 'fleet.read')
	},
	...ADMIN_PAGES,
	{
		href: '/admin/start',
		title: 'Getting started',
		icon: ListChecks,
		jumpKey: 'n',
		isAdmin: true,
		isFor: (role) => isAllowed(role, 'fleet.read')
	}
];

export function pagesFor(role: Role): FramePage[] {
	return PAGES.filter((page) => page.isFor(role));
}

const ROLE_WORDS: Record<Role, string> = {
	super_admin: 'Super admin',
	manager: 'Manager',
	agent: 'Agent'
};

export function roleWord(role: Role): string {
	return ROLE_WORDS[role];
}
