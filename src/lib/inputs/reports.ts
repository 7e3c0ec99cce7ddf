import { z } from 'zod';
import { organizationId } from './parts';

export const ListReportsInput = z.object({ organizationId: organizationId.optional() });
export type ListReportsInput = z.infer<typeof ListReportsInput>;

export const ReportInput = z.object({
	organizationId: organizationId.optional(),
	month: z
		.string('month must be a month like 2026-10.')
		.regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'month must be a month like 2026-10.')
});
export type ReportInput = z.infer<typeof ReportInput>;
