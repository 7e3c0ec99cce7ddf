import { randomBytes } from 'node:crypto';
import type { ScheduledStep } from '../clock';
import type { TakenPlans } from '../faults';
import { newCaller, type Caller } from '../outbox';
import type { Outcome } from '../outcomes';
import type { ConnectParameters } from './parameters';

/** The agent's phone is rung first, then the lead's; talk begins when both are there. */
export type Stage = 'placed' | 'ringing-from' | 'ringing-to' | 'talking' | 'ended';
export type LegStatus = 'in-progress' | 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';

export interface Leg {
	status: LegStatus | null;
	onCallSeconds: number;
	answeredBy: 'Human' | 'Machine' | 'NA';
}

/** One call. `…AtMs` is simulated time, `…At` is the wall clock, durations are simulated seconds. */
export interface ExotelCall extends Caller {
	readonly id: string;
	readonly parameters: ConnectParameters;
	/** What the agent's phone does, by its number. */
	readonly fromOutcome: Outcome;
	readonly placedAtMs: number;
	readonly createdAt: Date;
	stage: Stage;
	status: LegStatus;
	legs: [Leg, Leg];
	fromAnsweredAtMs: number | null;
	talkStartedAtMs: number | null;
	updatedAt: Date;
	endedAt: Date | null;
	conversationSeconds: number;
	/** Seconds from the first ring to the end. */
	wholeSeconds: number;
	/** Rupees; filled, with EndTime and Duration, minutes after the end. */
	price: number | null;
	nextStep: ScheduledStep | null;
}

export interface CallOrigin {
	parameters: ConnectParameters;
	outcome: Outcome;
	fromOutcome: Outcome;
	takenPlans: TakenPlans;
	ordinal: number;
	nowMs: number;
}

function newLeg(): Leg {
	return { status: null, onCallSeconds: 0, answeredBy: 'NA' };
}

/** A call that was just accepted: REST says in-progress although no phone rings yet. */
export function newCall({ nowMs, ...origin }: CallOrigin): ExotelCall {
	const createdAt = new Date();
	return {
		...origin,
		...newCaller(),
		id: randomBytes(16).toString('hex'),
		placedAtMs: nowMs,
		createdAt,
		stage: 'placed',
		status: 'in-progress',
		legs: [newLeg(), newLeg()],
		fromAnsweredAtMs: null,
		talkStartedAtMs: null,
		updatedAt: createdAt,
		endedAt: null,
		conversationSeconds: 0,
		wholeSeconds: 0,
		price: null,
		nextStep: null
	};
}
