import { isTerminal, type CallStatus } from '../call/status';
import { formatLocalTime } from '../local-time';
import type { Moments, Period } from './period';

/** Which calls of a period a list shows; what is left out does not narrow it. */
export interface CallFilter {
	status?: CallStatus;
	endReason?: string;
	provider?: string;
	/** `none`: calls that a program placed. */
	userId?: string;
	country?: string;
	day?: string;
	/** 0 is Sunday. */
	weekday?: number;
	hour?: number;
}

export interface FilteredCall {
	status: CallStatus;
	endReason: string | null;
	provider: string;
	userId: string | null;
	/** ISO time of placing. */
	initiatedAt: string;
}

/**
 * Whether a call that was just heard of belongs on a list. The country is known to the server only, so
 * a list of one country is never joined by itself.
 */
export function isWithinFilter(
	call: FilteredCall,
	filter: CallFilter,
	timeZone: string,
	period: Period,
	window: Moments | null
): boolean {
	const atMs = Date.parse(call.initiatedAt);
	const local = formatLocalTime(atMs, timeZone);
	const day = local.slice(0, 10);
	const reason = call.endReason ?? (isTerminal(call.status) ? call.status : null);
	const isInPeriod = window ? atMs >= window.fromMs : period.start <= day && day <= period.end;
	return (
		isInPeriod &&
		filter.country === undefined &&
		(filter.status ?? call.status) === call.status &&
		(filter.endReason === undefined || filter.endReason === reason) &&
		(filter.provider ?? call.provider) === call.provider &&
		(filter.userId === undefined || filter.userId === (call.userId ?? 'none')) &&
		(filter.day ?? day) === day &&
		(filter.weekday === undefined || filter.weekday === weekdayOf(day)) &&
		(filter.hour === undefined || filter.hour === Number(local.slice(11, 13)))
	);
}

function weekdayOf(day: string): number {
	return new Date(`${day}T00:00:00Z`).getUTCDay();
}
