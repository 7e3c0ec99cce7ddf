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
	CallDuration: z.string().optional(),
	ParentCallSid: z.string().max(64).optional(),
	AnsweredBy: z.string().optional(),
	ErrorCode: z.string().optional()
});
export type StatusCallback = z.infer<typeof StatusCallback>;

/** What a `<Dial>` came to, told of the leg that dialled: the browser's. It carries no sequence. */
export const DialCallback = z.looseObject({
	CallSid: z.string().min(1).max(64),
	DialCallStatus: z.string().optional()
});

/** Who answered, found out while the call goes on. It carries no status. */
export const MachineCallback = z.looseObject({
	CallSid: z.string().min(1).max(64),
	AnsweredBy: z.string()
});

/** A recording is ready, or never will be. Of a browser call, CallSid is the browser's leg. */
export const RecordingCallback = z.looseObject({
	CallSid: z.string().min(1).max(64),
	RecordingSid: z.string().min(1).max(64),
	RecordingUrl: z.string().max(2_000).optional(),
	RecordingStatus: z.string(),
	RecordingDuration: z.string().optional(),
	RecordingChannels: z.string().optional()
});

export type RecordingCallback = z.infer<typeof RecordingCallback>;

/** Twilio asks what to do with a call: a browser that connected, or somebody who calls our number. */
export const VoiceRequest = z.looseObject({
	CallSid: z.string().min(1).max(64),
	From: z.string().max(300),
	/** Empty when a browser connects. */
	To: z.string().max(300).optional(),
	/** What a `<Dial>` came to, when it is over. */
	DialCallStatus: z.string().max(64).optional()
});
export type VoiceRequest = z.infer<typeof VoiceRequest>;
