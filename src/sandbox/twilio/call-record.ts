import { createHash, randomBytes } from 'node:crypto';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { newCaller, type Caller } from '../outbox';
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
export interface TwilioCall extends Caller {
	readonly sid: string;
	readonly parameters: CallParameters;
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
	hooks: CallHooks | null;
}

/** What else must happen when a leg changes; `dueMs` is simulated time. */
export interface CallHooks {
	answered: ((dueMs: number) => void) | null;
	ended: ((dueMs: number) => void) | null;
	/** Replaces the usual hang-up: the parent of a browser call takes its child along. */
	hangUp: (() => void) | null;
}

export interface CallOrigin {
	parameters: CallParameters;
	outcome: Outcome;
	takenPlans: TakenPlans;
	ordinal: number;
	nowMs: number;
	/** outbound-api when missing. */
	direction?: TwilioCall['direction'];
	parentCallSid?: string | null;
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
	nowMs,
	direction = 'outbound-api',
	parentCallSid = null
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
		parentCallSid,
		direction,
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
		hooks: null,
		...newCaller()
	};
}
