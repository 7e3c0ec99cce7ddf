/** What a run needs of a lane, so that one schedule drives the pure core and the lane on Postgres alike. */
import type { BillingMode } from '$lib/domain/credit/types';
import type { Command, Result } from '$lib/domain/lane/commands';
import type { OrganizationSettings } from './organizations';

/** Two processes share one database; each has a lane. */
export const PROCESSES = 2;

export interface Submission {
	command: Command;
	/** Whose lane gets it. */
	process: number;
}

export type Answer =
	| { kind: 'answered'; result: Result }
	/** The process died; whether it was committed is not known. */
	| { kind: 'lost' }
	/** The lane said that it did not go through. */
	| { kind: 'refused'; error: string };

/** What goes wrong with the next transaction of a process. */
export interface LaneFault {
	process: number;
	kind:
		| 'abort'
		| 'cut_before_commit'
		| 'cut_after_commit'
		| 'crash_before_commit'
		| 'crash_after_commit';
	/** Which statement of the transaction it hits, from 0; the last when there are fewer. */
	statement: number;
}

export interface LanePort {
	/** Makes organisations and answers their ids. */
	openOrganizations(drawn: OrganizationSettings[]): Promise<number[]>;
	/** Submits a group at once, in this order, and waits for all answers. */
	submit(group: Submission[], fault: LaneFault | null): Promise<Answer[]>;
	/** One look of the meter, the sweeper or the expiry job. */
	meter(process: number): Promise<void>;
	sweep(process: number, everyLiveCall: boolean): Promise<void>;
	expire(process: number): Promise<void>;
	/** An administrator lets an organisation be billed otherwise, while nothing else happens. */
	changeMode(organizationId: number, mode: BillingMode): Promise<void>;
	countOpenHolds(): Promise<number>;
}
