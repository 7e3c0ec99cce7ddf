import type { ExotelCall, Leg } from './call';

const IST_OFFSET_MS = 5.5 * 3_600_000;
/** What completed callbacks carry while EndTime is not known yet (PROVIDERS.md 2.2). */
const NO_END_TIME = '1970-01-01 05:30:00';

/** `2017-03-03 10:48:33`, Indian time without saying so. */
export function toIst(moment: Date): string {
	return new Date(moment.getTime() + IST_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

export function recordingPath(accountSid: string, call: ExotelCall): string {
	return `/exotelrecordings/${accountSid}/${call.id}.mp3`;
}

/** Recordings exist of talks that were recorded; otherwise there is no field at all. */
export function hasRecording(call: ExotelCall): boolean {
	return call.parameters.isRecorded && call.stage === 'ended' && call.conversationSeconds > 0;
}

function toDetails(call: ExotelCall): object {
	return {
		ConversationDuration: call.conversationSeconds,
		Leg1Status: call.legs[0].status,
		Leg2Status: call.legs[1].status,
		Legs: call.legs.map((leg, index) => ({
			Leg: { Id: index + 1, OnCallDuration: leg.onCallSeconds }
		}))
	};
}

/**
 * A Call object (PROVIDERS.md 2.2). Duration, Price and EndTime are null until minutes after the end;
 * with `details` Duration and Price are numbers, else strings, as both were seen.
 */
export function toRestCall(
	accountSid: string,
	call: ExotelCall,
	baseUrl: string,
	withDetails = false
): Record<string, unknown> {
	const { parameters, price } = call;
	const isFilled = price !== null;
	const whole = call.wholeSeconds;
	const recording = hasRecording(call) ? baseUrl + recordingPath(accountSid, call) : null;
	return {
		Sid: call.id,
		ParentCallSid: null,
		DateCreated: toIst(call.createdAt),
		DateUpdated: toIst(call.updatedAt),
		AccountSid: accountSid,
		To: parameters.to,
		From: parameters.from,
		PhoneNumberSid: parameters.callerId,
		Status: call.status,
		StartTime: toIst(call.createdAt),
		EndTime: isFilled && call.endedAt !== null ? toIst(call.endedAt) : null,
		Duration: isFilled ? (withDetails ? whole : String(whole)) : null,
		Price: isFilled ? (withDetails ? price : price.toFixed(3)) : null,
		Direction: 'outbound-api',
		AnsweredBy: null,
		ForwardedFrom: null,
		CallerName: null,
		Uri: `/v1/Accounts/${accountSid}/Calls.json/${call.id}`,
		RecordingUrl: recording,
		...(withDetails
			? {
					PreSignedRecordingUrl: recording === null ? null : `${recording}?X-Amz-Expires=300`,
					Details: toDetails(call)
				}
			: {})
	};
}

function toCallbackLeg(leg: Leg): Record<string, unknown> {
	return {
		OnCallDuration: leg.onCallSeconds,
		Status: leg.status,
		AnsweredBy: leg.answeredBy
	};
}

/** The callback of a call that subscribed to nothing: four fields (PROVIDERS.md 2.3). */
export function defaultCallback(
	call: ExotelCall,
	recordingUrl: string | null
): Record<string, unknown> {
	return {
		CallSid: call.id,
		DateUpdated: toIst(call.updatedAt),
		Status: call.status,
		RecordingUrl: recordingUrl ?? ''
	};
}

/** A live `answered` event: the second leg is empty while it rings, in-progress once it talks. */
export function answeredCallback(call: ExotelCall): Record<string, unknown> {
	return {
		CallSid: call.id,
		EventType: 'answered',
		DateCreated: toIst(call.createdAt),
		DateUpdated: toIst(call.updatedAt),
		To: call.parameters.to,
		From: call.parameters.from,
		PhoneNumberSid: call.parameters.callerId,
		Status: 'in-progress',
		Direction: 'outbound-api',
		CustomField: call.parameters.customField ?? '',
		Legs: call.legs.map(({ status }) => ({ Status: status ?? '' }))
	};
}

/** The `terminal` event; without a talk there is no RecordingUrl (nammayatri#917). */
export function terminalCallback(
	call: ExotelCall,
	recordingUrl: string | null
): Record<string, unknown> {
	return {
		CallSid: call.id,
		EventType: 'terminal',
		DateCreated: toIst(call.createdAt),
		DateUpdated: toIst(call.updatedAt),
		To: call.parameters.to,
		From: call.parameters.from,
		PhoneNumberSid: call.parameters.callerId,
		StartTime: toIst(call.createdAt),
		EndTime: NO_END_TIME,
		Status: call.status,
		ConversationDuration: call.conversationSeconds,
		Direction: 'outbound-api',
		CustomField: call.parameters.customField ?? '',
		...(recordingUrl === null ? {} : { RecordingUrl: recordingUrl }),
		Legs: call.legs.map(toCallbackLeg)
	};
}

/** A callback as flat form fields: `Legs[0][OnCallDuration]`, every value a string, null as "null". */
export function toFormFields(fields: Record<string, unknown>): [string, string][] {
	const flatten = (name: string, value: unknown): [string, string][] => {
		if (Array.isArray(value)) {
			return value.flatMap((one, index) => flatten(`${name}[${index}]`, one));
		}
		if (typeof value === 'object' && value !== null) {
			return Object.entries(value).flatMap(([key, part]) => flatten(`${name}[${key}]`, part));
		}
		return [[name, String(value)]];
	};
	return Object.entries(fields).flatMap(([name, value]) => flatten(name, value));
}
