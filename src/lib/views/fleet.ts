import type { CreditsView, MinutesView, Page } from './index';

/** One organisation in the fleet. Minutes and wallet are laid over by newer ones of the live feed. */
export interface FleetRowView {
	organizationId: number;
	minutes: MinutesView;
	credits: CreditsView;
	timezone: string;
	isArchived: boolean;
	/** Minutes talked or reported in the last hour: the pace. */
	minutesLastHour: number;
	/** Live calls nobody has heard of, or past their end. */
	stuckHolds: number;
	/** Auto-refill did not come through and waits for time or a person. */
	hasFailedRefill: boolean;
	lastChangeAt: string;
}

export type FleetPageView = Page<FleetRowView>;

export interface FleetTotalsView {
	organizations: number;
	inactive: number;
	liveCalls: number;
	/** Active ones that at the pace of the last hour are empty within the next. */
	runningOut: number;
	failedRefills: number;
	stuckHolds: number;
	remainingMinutes: number;
	/** Deliveries not applied yet. */
	waitingDeliveries: number;
	/** Between what happened and its delivery, of the last quarter of an hour; null: none came. */
	deliveryLagMs: number | null;
	/** Providers no calls go through now, by name. */
	downProviders: string[];
}
