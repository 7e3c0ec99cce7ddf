import type { TripReason } from '../domain/fraud/guard';

/** What the toll-fraud guard allows an organisation, and whether it has stopped its calls. */
export interface GuardView {
	organizationId: number;
	organizationName: string;
	/** Its own. */
	country: string;
	/** Besides its own. */
	allowedCountries: string[];
	/** Dollars a minute may cost. */
	priceCeiling: string;
	/** Dollars that may be promised to calls in an hour, as set; null: by age. */
	hourlyCap: string | null;
	/** What holds now, whichever way it came about; null: no limit. */
	limits: { liveCalls: number | null; callsPerMinute: number | null; hourlyCap: string };
	isTrusted: boolean;
	/** Since when no call is let through; null: calls are let through. */
	pausedAt: string | null;
	pauseReason: TripReason | null;
}
