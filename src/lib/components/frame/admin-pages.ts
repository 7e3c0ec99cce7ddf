import Inbox from '@lucide/svelte/icons/inbox';
import KeyRound from '@lucide/svelte/icons/key-round';
import Mail from '@lucide/svelte/icons/mail';
import PhoneCall from '@lucide/svelte/icons/phone-call';
import ReceiptText from '@lucide/svelte/icons/receipt-text';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Settings from '@lucide/svelte/icons/settings';
import Tags from '@lucide/svelte/icons/tags';
import Workflow from '@lucide/svelte/icons/workflow';
import { isAllowed, type Permission } from '$lib/domain/permissions';
import type { FramePage } from './pages';

const adminPage = (
	name: string,
	title: string,
	icon: FramePage['icon'],
	jumpKey: string,
	permission: Permission
): FramePage => ({
	...{ href: `/admin/${name}`, title, icon, jumpKey, isAdmin: true },
	isFor: (role) => role === 'super_admin' && isAllowed(role, permission)
});

/** The super admin's pages beside the fleet. */
export const ADMIN_PAGES: FramePage[] = [
	adminPage('calls', 'All calls', PhoneCall, 'c', 'fleet.read'),
	adminPage('deliveries', 'Deliveries', Inbox, 'e', 'deliveries.read'),
	adminPage('rates', 'Rates', Tags, 'r', 'rates.read'),
	adminPage('bills', 'Bill checks', ReceiptText, 'i', 'bills.read'),
	adminPage('audit', 'Audit log', ScrollText, 'u', 'audit.read'),
	adminPage('tokens', 'API tokens', KeyRound, 't', 'tokens.create'),
	adminPage('jobs', 'Jobs', Workflow, 'j', 'jobs.read'),
	adminPage('mails', 'Mails', Mail, 'm', 'mails.read'),
	adminPage('settings', 'Settings', Settings, 's', 'settings.write')
];
