import type { DayView } from '$lib/views';
import { formatDay, formatDays, formatWholeDay } from '../format/days';
import type { Filters } from './history-links';

/** One bar of the trend: a day, or in a long period a week. */
export interface TrendBar {
	start: string;
	end: string;
	/** Under the bar. */
	label: string;
	/** In the table and on hover. */
	words: string;
	completed: number;
	failed: number;
	cancelled: number;
	talkSeconds: number;
	/** Today is in it: there is more to come. */
	isOpen: boolean;
	link: { filters: Filters } | { from: string; to: string };
}

/** More bars than this are too thin to read and to click. */
const DAY_BARS_MAX = 120;
const WEEK = 7;

/** @param today local day when the period includes it, else null */
export function trendBars(days: DayView[], today: string | null): TrendBar[] {
	const isByDay = days.length <= DAY_BARS_MAX;
	const groups = isByDay ? days.map((day) => [day]) : weeksOf(days);
	return groups.map((group) => {
		const start = group[0]?.day ?? '';
		const end = group.at(-1)?.day ?? '';
		const sum = (pick: (day: DayView) => number) => group.reduce((all, day) => all + pick(day), 0);
		return {
			start,
			end,
			label: formatDay(start),
			words: isByDay ? formatWholeDay(start) : formatDays(start, end),
			completed: sum((day) => day.completed),
			failed: sum((day) => day.failed),
			cancelled: sum((day) => day.cancelled),
			talkSeconds: sum((day) => day.talkSeconds),
			isOpen: today !== null && start <= today && today <= end,
			link: isByDay ? { filters: { day: start } } : { from: start, to: end }
		};
	});
}

/** Weeks from Monday on; the first and the last may be short. */
function weeksOf(days: DayView[]): DayView[][] {
	const weeks: DayView[][] = [];
	for (const day of days) {
		const isMonday = new Date(`${day.day}T00:00:00Z`).getUTCDay() === 1;
		const week = weeks.at(-1);
		if (!week || isMonday || week.length === WEEK) weeks.push([day]);
		else week.push(day);
	}
	return weeks;
}
