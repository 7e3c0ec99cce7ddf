import type { MinutesView } from './index';

/** What a grant did to one organisation. */
export interface GrantView {
	organizationId: number;
	/** Of the new allocation; null when nothing was missing. */
	allocationId: string | null;
	grantedMinutes: number;
	/** Taken back, because it had more than it was set to. */
	takenMinutes: number;
	minutes: MinutesView;
}
