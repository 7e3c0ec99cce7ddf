import { z } from 'zod';
import { CallHistoryQuery } from './call-history';

export const EXPORTS = ['calls', 'transactions', 'usage'] as const;
export type ExportName = (typeof EXPORTS)[number];

/** A file to export, and the period and filters as the call history takes them. */
export const ExportQuery = CallHistoryQuery;
export const ExportNameInput = z.enum(EXPORTS, 'what must be calls, transactions or usage.');
