import { z } from 'zod';

/**
 * A status callback as Twilio posts it (PROVIDERS.md 1.6). Every value is a string; fields may be added
 * at any time and are kept. `CallDuration` is seconds, `Duration` is minutes and never read.
 */
export const StatusCallback = z.looseObject({
	CallSid: z.string().min(1).max(64),
	CallStatus: z.string().optional(),
	SequenceNumber: z.string().optional(),
	Timestamp: z.string().optional(),
	CallDuration: z.string().optional()
});
export type StatusCallback = z.infer<typeof StatusCallback>;
