/** Ended calls of a group. Money in dollars; seconds and minutes whole. */
export interface CallCountsView {
	/** Ended calls: completed, failed and cancelled. */
	calls: number;
	completed: number;
	failed: number;
	cancelled: number;
	/** Calls with talk. */
	answered: number;
	talkSeconds: number;
	billedMinutes: number;
	/** What the wallet had to pay. */
	cost: string;
	/** Completed of ended calls, percent with one decimal; null when none has ended. */
	successRate: number | null;
}

export interface CallGroupView extends CallCountsView {
	/** Country, agent id, provider, end reason or local hour. */
	key: string;
	/** What people call it, where that is not the key. */
	name: string | null;
}

export interface DayView extends CallCountsView {
	/** Local day, `2026-11-21`. */
	day: string;
}

export interface TopNumberView {
	number: string;
	count: number;
	cost: string;
	country: string;
}

/** A period of an organisation's calls, in its own days. */
export interface AnalyticsView {
	organizationId: number;
	timezone: string;
	period: { start: string; end: string; days: number };
	/** The last day of the period is today: it is not over. */
	isTodayIncluded: boolean;
	/** ISO times the period is cut at when it is no whole days: the last 24 hours. */
	window: { from: string; to: string } | null;
	/** Calls placed in the period, live ones included. */
	placed: number;
	totals: CallCountsView;
	/** The same of as much time just before. */
	before: { placed: number; totals: CallCountsView };
	talk: { average: number | null; median: number | null; p90: number | null; longest: number };
	/** Of one completed call; null when none completed. */
	costOfCall: { average: string | null; cheapest: string | null; dearest: string | null };
	days: DayView[];
	countries: CallGroupView[];
	/** Null when counting them would keep a reader waiting: they are asked for apart. */
	topNumbers: TopNumberView[] | null;
	/** When the top numbers were counted; null: just now. */
	topNumbersAt: string | null;
}

/** Who, through whom, how it ended and when: the parts of analytics below the first screen. */
export interface AnalyticsBreakdownsView {
	agents: CallGroupView[];
	providers: CallGroupView[];
	endReasons: CallGroupView[];
	/** Calls by weekday (0 is Sunday) and local hour. */
	heat: { weekday: number; hour: number; calls: number; answered: number }[];
}
