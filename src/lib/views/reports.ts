import type { UsageReport } from '../domain/reports/usage-report';

/** A sealed month in a list. */
export interface ReportLineView {
	/** `2026-10` */
	month: string;
	calls: number;
	completed: number;
	billedMinutes: number;
	cost: string;
	/** Earlier months that it corrects. */
	corrections: string[];
	sealedAt: string;
	contentHash: string;
}

export interface UsageReportView {
	report: UsageReport;
	sealedAt: string;
	contentHash: string;
	/** The stored text still has the hash it was sealed with. */
	isIntact: boolean;
	/** Month of a later report that corrects this one; null: none does. */
	correctedIn: string | null;
}
