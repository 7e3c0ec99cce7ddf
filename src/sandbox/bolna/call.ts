import { randomUUID } from 'node:crypto';
import type { ScheduledStep } from '../clock';
import type { TakenPlans } from '../faults';
import { newCaller, type Caller } from '../outbox';
import type { BolnaOutcome } from './outcomes';

/** The words of Bolna's own status list (payloads/bolna/status_enum.json). */
export type BolnaStatus =
	| 'scheduled'
	| 'rescheduled'
	| 'queued'
	| 'initiated'
	| 'ringing'
	| 'in-progress'
	| 'call-disconnected'
	| 'completed'
	| 'no-answer'
	| 'busy'
	| 'failed'
	| 'canceled'
	| 'stopped'
	| 'error'
	| 'balance-low';

export type Stage = 'waiting' | 'live' | 'ended';

export interface CallOrder {
	agentId: string;
	to: string;
	from: string;
	userData: Record<string, unknown> | null;
	scheduledAt: Date | null;
}

/** One execution. `…AtMs` is simulated time, `…At` is the wall clock, durations are simulated seconds. */
export interface BolnaCall extends Caller {
	readonly id: string;
	readonly order: CallOrder;
	readonly outcome: BolnaOutcome;
	readonly placedAtMs: number;
	readonly createdAt: Date;
	readonly providerCallId: string;
	stage: Stage;
	status: BolnaStatus;
	updatedAt: Date;
	endedAt: Date | null;
	rescheduledAt: Date | null;
	answeredAtMs: number | null;
	/** Null until the talk is over. */
	talkSeconds: number | null;
	hangUp: { by: string; reason: string; code: number } | null;
	/** Cents; null until it was worked out. */
	totalCost: number | null;
	nextStep: ScheduledStep | null;
}

export interface CallOrigin {
	order: CallOrder;
	outcome: BolnaOutcome;
	takenPlans: TakenPlans;
	ordinal: number;
	nowMs: number;
}

export function newCall({ nowMs, ...origin }: CallOrigin): BolnaCall {
	const createdAt = new Date();
	return {
		...origin,
		...newCaller(),
		id: randomUUID(),
		placedAtMs: nowMs,
		createdAt,
		providerCallId: randomUUID(),
		stage: 'waiting',
		status: origin.order.scheduledAt === null ? 'queued' : 'scheduled',
		updatedAt: createdAt,
		endedAt: null,
		rescheduledAt: null,
		answeredAtMs: null,
		talkSeconds: null,
		hangUp: null,
		totalCost: null,
		nextStep: null
	};
}
