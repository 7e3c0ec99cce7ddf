/** A month of an organisation's calls as it is sealed: what stands in it, and what later changed it. */

/** Ended calls of a group. Money in dollars, six digits. */
export interface ReportCounts {
	calls: number;
	completed: number;
	failed: number;
	cancelled: number;
	answered: number;
	talkSeconds: number;
	billedMinutes: number;
	cost: string;
}

export interface ReportGroup extends ReportCounts {
	key: string;
	name: string | null;
}

/** What an earlier month was when it was last written down, and what it is now. */
export interface Correction {
	/** `2026-10` */
	month: string;
	was: ReportCounts;
	is: ReportCounts;
}

export interface UsageReport {
	version: 1;
	organization: string;
	/** `2026-10` */
	month: string;
	timezone: string;
	/** First and last local day. */
	start: string;
	end: string;
	totals: ReportCounts;
	days: ReportGroup[];
	countries: ReportGroup[];
	agents: ReportGroup[];
	providers: ReportGroup[];
	endReasons: ReportGroup[];
	/** How the month's calls were paid; owed credit is in the source it is owed of. */
	paid: { allocatedMinutes: number; walletMinutes: number; walletCost: string };
	/** The wallet over the month, dollars; what left it is negative. */
	wallet: { opening: string; calls: string; added: string; takenBack: string; closing: string };
	/** Minutes granted and taken away in the month. */
	minutes: { granted: number; takenAway: number };
	corrections: Correction[];
}

const COUNTS = [
	'calls',
	'completed',
	'failed',
	'cancelled',
	'answered',
	'talkSeconds',
	'billedMinutes',
	'cost'
] as const satisfies (keyof ReportCounts)[];

/** The counts alone, in their fixed order. */
export function pickCounts(counts: ReportCounts): ReportCounts {
	const { calls, completed, failed, cancelled, answered, talkSeconds, billedMinutes, cost } =
		counts;
	return { calls, completed, failed, cancelled, answered, talkSeconds, billedMinutes, cost };
}

/**
 * Sealed months that are no longer what was last said of them.
 * @param sealed reports before this one, oldest first; each may correct months before it
 * @param now what each month is, by month
 */
export function correctionsOf(
	sealed: Pick<UsageReport, 'month' | 'totals' | 'corrections'>[],
	now: Map<string, ReportCounts>
): Correction[] {
	const said = new Map<string, ReportCounts>();
	for (const report of sealed) {
		said.set(report.month, report.totals);
		for (const { month, is } of report.corrections) said.set(month, is);
	}
	return [...said].flatMap(([month, was]) => {
		const is = now.get(month);
		const isSame = is === undefined || COUNTS.every((name) => is[name] === was[name]);
		return isSame ? [] : [{ month, was: pickCounts(was), is: pickCounts(is) }];
	});
}

/** The month a local day lies in, `2026-10`. */
export function monthOf(day: string): string {
	return day.slice(0, 7);
}

/** Months later or, with a negative number, earlier. */
export function addMonths(month: string, months: number): string {
	const [year = 0, place = 1] = month.split('-').map(Number);
	return new Date(Date.UTC(year, place - 1 + months, 1)).toISOString().slice(0, 7);
}

/** First and last day of a month, `2026-10`. */
export function daysOfMonth(month: string): { start: string; end: string } {
	const [year = 0, place = 1] = month.split('-').map(Number);
	const end = new Date(Date.UTC(year, place, 0)).toISOString().slice(0, 10);
	return { start: `${month}-01`, end };
}
