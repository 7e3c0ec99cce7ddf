import type { AllocationScheduleView } from '$lib/views';

const ORDINALS = new Intl.PluralRules('en-US', { type: 'ordinal' });
const ENDINGS: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };

/** `once`, `every month on the 31st, or its last day` */
export function scheduleWords({ dayOfMonth }: Pick<AllocationScheduleView, 'dayOfMonth'>): string {
	if (dayOfMonth === null) return 'once';
	const day = `${dayOfMonth}${ENDINGS[ORDINALS.select(dayOfMonth)] ?? 'th'}`;
	return `every month on the ${day}${dayOfMonth > 28 ? ', or its last day' : ''}`;
}
