export interface AllocationHistoryView {
	id: number;
	allocationId: string | null;
	/** What a revocation would take back now. */
	revocableMinutes: number;
	organizationId: number;
	organizationName: string;
	kind: 'allocate' | 'set' | 'revoke' | 'expire' | 'adjust';
	minutes: number;
	reason: string;
	expiresAt: string | null;
	allocatedBy: string | null;
	allocatedAt: string;
}

/** Minutes to be granted later, once or every month. */
export interface AllocationScheduleView {
	id: string;
	organizationId: number;
	organizationName: string;
	/** Zone its days are reckoned in. */
	timezone: string;
	minutes: number;
	reason: string;
	priority: number;
	/** Days after each run in which its grant expires. */
	expiresAfterDays: number | null;
	kind: 'once' | 'monthly';
	dayOfMonth: number | null;
	nextRunAt: string;
	lastRunAt: string | null;
	createdBy: string | null;
}
