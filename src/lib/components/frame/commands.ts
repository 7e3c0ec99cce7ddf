import CirclePause from '@lucide/svelte/icons/circle-pause';
import Keyboard from '@lucide/svelte/icons/keyboard';
import LogOut from '@lucide/svelte/icons/log-out';
import PhoneOff from '@lucide/svelte/icons/phone-off';
import Radio from '@lucide/svelte/icons/radio';
import Search from '@lucide/svelte/icons/search';
import UserRound from '@lucide/svelte/icons/user-round';
import { setMode } from 'mode-watcher';
import type { Component } from 'svelte';
import { isAllowed } from '$lib/domain/permissions';
import type { AppState } from '$lib/state/app-state.svelte';
import { calleeName } from '../format/calls';
import { pagesFor } from './pages';
import { signOut } from './sign-out';
import { THEMES } from './themes';

export interface Command {
	id: string;
	text: string;
	icon: Component<{ size?: number | string }>;
	keys?: string;
	run: () => void;
}

export interface CommandGroup {
	title: string;
	commands: Command[];
}

interface Doors {
	go: (href: string) => unknown;
	onKeyboardList: () => void;
}

/** What the person may do now. Text that was typed is offered as a search of leads too. */
export function commandsFor(app: AppState, typed: string, doors: Doors): CommandGroup[] {
	const groups: CommandGroup[] = [
		{ title: 'Calls', commands: named(typed, callCommands(app)) },
		{ title: 'Pages', commands: named(typed, pageCommands(app, doors)) },
		{ title: 'Settings', commands: named(typed, settingCommands(app, doors)) },
		{ title: 'Leads', commands: leadCommands(app, typed, doors) }
	];
	return groups.filter((group) => group.commands.length > 0);
}

/** The commands whose words begin with every word that was typed. */
function named(typed: string, commands: Command[]): Command[] {
	const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
	return commands.filter((command) => {
		const words = command.text.toLowerCase().split(/\s+/);
		return wanted.every((start) => words.some((word) => word.startsWith(start)));
	});
}

function callCommands(app: AppState): Command[] {
	return app.activeCalls.mine.map((call) => ({
		id: `hang-up-${call.id}`,
		text: `Hang up ${calleeName(call)}`,
		icon: PhoneOff,
		run: () => void app.activeCalls.hangUp(call.id)
	}));
}

function leadCommands(app: AppState, typed: string, doors: Doors): Command[] {
	if (!typed || !isAllowed(app.user.role, 'leads.read')) return [];
	return [
		{
			id: 'search-leads',
			text: `Search leads for “${typed}”`,
			icon: Search,
			run: () => void doors.go(`/leads?search=${encodeURIComponent(typed)}`)
		},
		{
			id: 'search-contacts',
			text: `Search contacts for “${typed}”`,
			icon: Search,
			run: () => void doors.go(`/contacts?search=${encodeURIComponent(typed)}`)
		}
	];
}

function pageCommands(app: AppState, doors: Doors): Command[] {
	return pagesFor(app.user.role).map((page) => ({
		id: `go-${page.href}`,
		text: `Go to ${page.title}`,
		icon: page.icon,
		keys: `g ${page.jumpKey}`,
		run: () => void doors.go(page.href)
	}));
}

function settingCommands(app: AppState, doors: Doors): Command[] {
	return [
		...THEMES.map((theme) => ({
			id: `theme-${theme.value}`,
			text: `Theme: ${theme.word.toLowerCase()}`,
			icon: theme.icon,
			run: () => setMode(theme.value)
		})),
		app.feed.isOn
			? {
					id: 'updates-off',
					text: 'Turn real-time updates off',
					icon: CirclePause,
					run: () => app.feed.turnOff()
				}
			: {
					id: 'updates-on',
					text: 'Turn real-time updates on',
					icon: Radio,
					run: () => app.feed.turnOn()
				},
		{
			id: 'keyboard',
			text: 'Keyboard shortcuts',
			icon: Keyboard,
			keys: '?',
			run: doors.onKeyboardList
		},
		{
			id: 'account',
			text: 'Your account: password, sessions, two steps',
			icon: UserRound,
			run: () => void doors.go('/settings/account')
		},
		{ id: 'sign-out', text: 'Sign out', icon: LogOut, run: signOut }
	];
}
