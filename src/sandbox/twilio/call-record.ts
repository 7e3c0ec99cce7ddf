import { createHash, randomBytes } from 'node:crypto';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CallbackJob } from '../callback';
import type { ScheduledStep } from '../clock';
import type { TakenPlans } from '../faults';
import type { Outcome } from '../outcomes';
import type { CallParameters, CallbackTarget, CallEvent } from './parameters';

export type RestStatus =
	'queued' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';

/** Where a call stands in its script; REST has no word for `initiated`. */
export type Stage = 'placed' | 'initiated' | 'ringing' | 'talking' | 'ended';

export interface Recording {
	sid: string;
	durationSeconds: number;
	startedAt: Date;
}

/** One call. `…AtMs` is simulated time, `…At` is the wall clock, durations are simulated seconds. */
export interface TwilioCall {
	readonly sid: string;
	/** How many calls were created before this one: a seed that does not depend on the sid. */
	readonly ordinal: number;
	readonly parameters: CallParameters;
	readonly outcome: Outcome;
	readonly takenPlans: TakenPlans;
	readonly parentCallSid: string | null;
	readonly direction: 'outbound-api' | 'outbound-dial' | 'inbound';
	readonly toCountry: string;
	readonly fromCountry: string;
	readonly fromFormatted: string;
	readonly toFormatted: string;
	readonly phoneNumberSid: string;
	readonly placedAtMs: number;
	readonly createdAt: Date;
	stage: Stage;
	status: RestStatus;
	statusCallback: CallbackTarget | null;
	events: ReadonlySet<CallEvent>;
	talkSeconds: number;
	timeLimitSeconds: number | null;
	sipResponseCode: number;
	answeredAtMs: number | null;
	startedAt: Date | null;
	endedAt: Date | null;
	updatedAt: Date;
	durationSeconds: number | null;
	price: string | null;
	answeredBy: string | null;
	recording: Recording | null;
	nextStep: ScheduledStep | null;
	nextSequenceNumber: number;
	heldCallbacks: CallbackJob[];
	/** Settles when every callback queued so far had its first attempt. */
	deliveries: Promise<void>;
	callbacksSent: number;
	callbacksFailed: number;
	/** Set by a reset: nothing more is sent for it. */
	isForgotten: boolean;
}

export interface CallOrigin {
	parameters: CallParameters;
	outcome: Outcome;
	takenPlans: TakenPlans;
	ordinal: number;
	nowMs: number;
}

/** A sid in Twilio's form. Random, not seeded: a restarted sandbox must not repeat old sids. */
export function newSid(prefix: string): string {
	return prefix + randomBytes(16).toString('hex');
}

function describeNumber(address: string): { country: string; formatted: string } {
	const number = parsePhoneNumberFromString(address);
	const isNorthAmerican = number?.countryCallingCode === '1';
	return {
		country: number?.country ?? '',
		formatted: number !== undefined && isNorthAmerican ? number.formatNational() : address
	};
}

/** A call that was just accepted: queued, nothing dialled yet. */
export function newCall({
	parameters,
	outcome,
	takenPlans,
	ordinal,
	nowMs
}: CallOrigin): TwilioCall {
	const to = describeNumber(parameters.to);
	const from = describeNumber(parameters.from);
	const createdAt = new Date();
	return {
		sid: newSid('CA'),
		ordinal,
		parameters,
		outcome,
		takenPlans,
		parentCallSid: null,
		direction: 'outbound-api',
		toCountry: to.country,
		fromCountry: from.country,
		toFormatted: to.formatted,
		fromFormatted: from.formatted,
		phoneNumberSid: `PN${createHash('md5').update(parameters.from).digest('hex')}`,
		placedAtMs: nowMs,
		createdAt,
		stage: 'placed',
		status: 'queued',
		statusCallback: parameters.statusCallback,
		events: parameters.events,
		talkSeconds: outcome.talkSeconds,
		timeLimitSeconds: parameters.timeLimitSeconds,
		sipResponseCode: outcome.sipResponseCode,
		answeredAtMs: null,
		startedAt: null,
		endedAt: null,
		updatedAt: createdAt,
		durationSeconds: null,
		price: null,
		answeredBy: null,
		recording: null,
		nextStep: null,
		nextSequenceNumber: 0,
		heldCallbacks: [],
		deliveries: Promise.resolve(),
		callbacksSent: 0,
		callbacksFailed: 0,
		isForgotten: false
	};
}
