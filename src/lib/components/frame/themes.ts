import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import Sun from '@lucide/svelte/icons/sun';

export const THEMES = [
	{ value: 'light', word: 'Light', icon: Sun },
	{ value: 'dark', word: 'Dark', icon: Moon },
	{ value: 'system', word: 'As the system', icon: Monitor }
] as const;
