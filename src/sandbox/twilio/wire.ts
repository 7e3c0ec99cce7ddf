import type { Recording, TwilioCall } from './call-record';

export const API_VERSION = '2010-04-01';

/** RFC 2822 as Twilio writes it: `Wed, 12 Jan 2022 07:29:46 +0000`. */
export function toRfc2822(moment: Date): string {
	return moment.toUTCString().replace('GMT', '+0000');
}

function toRfc2822OrNull(moment: Date | null): string | null {
	return moment === null ? null : toRfc2822(moment);
}

export function accountPath(accountSid: string): string {
	return `/${API_VERSION}/Accounts/${accountSid}`;
}

const SUBRESOURCES = {
	feedback: 'Feedback',
	user_defined_messages: 'UserDefinedMessages',
	notifications: 'Notifications',
	recordings: 'Recordings',
	streams: 'Streams',
	payments: 'Payments',
	user_defined_message_subscriptions: 'UserDefinedMessageSubscriptions',
	siprec: 'Siprec',
	events: 'Events'
};

/** A Call resource (PROVIDERS.md 1.2). In a create answer every date is null. */
export function toRestCall(accountSid: string, call: TwilioCall, isNew = false): object {
	const path = `${accountPath(accountSid)}/Calls/${call.sid}`;
	return {
		sid: call.sid,
		date_created: isNew ? null : toRfc2822(call.createdAt),
		date_updated: isNew ? null : toRfc2822(call.updatedAt),
		parent_call_sid: call.parentCallSid,
		account_sid: accountSid,
		to: call.parameters.to,
		to_formatted: call.toFormatted,
		from: call.parameters.from,
		from_formatted: call.fromFormatted,
		phone_number_sid: call.phoneNumberSid,
		status: call.status,
		start_time: toRfc2822OrNull(call.startedAt),
		end_time: toRfc2822OrNull(call.endedAt),
		duration: call.durationSeconds === null ? null : String(call.durationSeconds),
		price: call.price,
		price_unit: 'USD',
		direction: call.direction,
		answered_by: call.answeredBy,
		annotation: null,
		api_version: API_VERSION,
		forwarded_from: null,
		group_sid: null,
		caller_name: null,
		queue_time: '0',
		trunk_sid: null,
		uri: `${path}.json`,
		subresource_uris: Object.fromEntries(
			Object.entries(SUBRESOURCES).map(([key, name]) => [key, `${path}/${name}.json`])
		)
	};
}

/** A Recording resource. */
export function toRestRecording(
	accountSid: string,
	call: TwilioCall,
	recording: Recording,
	baseUrl: string
): object {
	const path = `${accountPath(accountSid)}/Recordings/${recording.sid}`;
	return {
		sid: recording.sid,
		account_sid: accountSid,
		call_sid: call.parentCallSid ?? call.sid,
		conference_sid: null,
		api_version: API_VERSION,
		channels: call.parameters.recordingChannels,
		date_created: toRfc2822(recording.startedAt),
		date_updated: toRfc2822(recording.startedAt),
		start_time: toRfc2822(recording.startedAt),
		duration: String(recording.durationSeconds),
		status: 'completed',
		source: recordingSource(call),
		error_code: null,
		price: null,
		price_unit: 'USD',
		encryption_details: null,
		media_url: baseUrl + path,
		uri: `${path}.json`,
		subresource_uris: {}
	};
}

function geographyFields(call: TwilioCall): Record<string, string> {
	if (call.direction !== 'outbound-api') return {};
	const fields: Record<string, string> = {};
	for (const [side, country] of [
		['To', call.toCountry],
		['Called', call.toCountry],
		['From', call.fromCountry],
		['Caller', call.fromCountry]
	]) {
		fields[`${side}City`] = '';
		fields[`${side}State`] = '';
		fields[`${side}Zip`] = '';
		fields[`${side}Country`] = country ?? '';
	}
	return fields;
}

/** The fields of every status callback (PROVIDERS.md 1.6); `Timestamp` is the wall clock. */
export function callbackFields(
	accountSid: string,
	call: TwilioCall,
	callStatus: string,
	sequenceNumber: number
): Record<string, string> {
	const { to, from } = call.parameters;
	return {
		AccountSid: accountSid,
		ApiVersion: API_VERSION,
		CallSid: call.sid,
		CallStatus: callStatus,
		Called: to,
		Caller: from,
		Direction: call.direction,
		From: from,
		To: to,
		...geographyFields(call),
		...(call.parentCallSid === null ? {} : { ParentCallSid: call.parentCallSid }),
		Timestamp: toRfc2822(new Date()),
		CallbackSource: 'call-progress-events',
		SequenceNumber: String(sequenceNumber)
	};
}

/** A recording belongs to the parent leg when `<Dial>` made it. */
export function recordingSource(call: TwilioCall): string {
	return call.parentCallSid === null ? 'OutboundAPI' : 'DialVerb';
}

export function recordingUrl(accountSid: string, recording: Recording, baseUrl: string): string {
	return `${baseUrl}${accountPath(accountSid)}/Recordings/${recording.sid}`;
}

/** The extra fields of the final callback: CallDuration in seconds, Duration in minutes up. */
export function finalFields(
	accountSid: string,
	call: TwilioCall,
	baseUrl: string
): Record<string, string> {
	const seconds = call.durationSeconds ?? 0;
	const { recording } = call;
	return {
		CallDuration: String(seconds),
		Duration: String(Math.ceil(seconds / 60)),
		SipResponseCode: String(call.sipResponseCode),
		...(call.answeredBy === null ? {} : { AnsweredBy: call.answeredBy }),
		...(recording === null
			? {}
			: {
					RecordingUrl: recordingUrl(accountSid, recording, baseUrl),
					RecordingSid: recording.sid,
					RecordingDuration: String(recording.durationSeconds)
				})
	};
}
