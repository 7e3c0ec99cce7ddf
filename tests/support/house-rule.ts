/** What a rule about a verb is made of. */
import type { Context } from '$lib/server/context';

export interface Target {
	organizationId: number;
	callId: string;
	contactId: string;
	listId: string;
	allocationId: string;
	userId: string;
	budgetId: string;
	scheduleId: string;
	invitationId: string;
	recordingId: string;
	campaignId: string;
	endpointId: string;
	importId: string;
	email: string;
	/** Whether these are things of the one who asks. */
	isOwn: boolean;
}
export type Whose = 'own' | 'foreign' | 'unknown';
export type Caller = 'super_admin' | 'manager' | 'agent' | 'anonymous';
export const ALL_WHOSE: Whose[] = ['own', 'foreign', 'unknown'];

/** The answer for own, foreign and unknown things. */
export type Answers = [string, string, string];
export interface Rule {
	verb: string;
	/** The tRPC procedure that calls it. */
	procedure?: string;
	run: (ctx: Context, target: Target) => unknown;
	superAdmin: Answers;
	member: Answers;
	/** Where an agent may less than its manager. */
	agent?: Answers;
}

export const same = (answer: string): Answers => [answer, answer, answer];
export const OK = same('ok');
export const FORBIDDEN = same('forbidden');
export const INVALID = same('invalid');
export const ABSENT: Answers = ['ok', 'not_found', 'not_found'];
export const ANY_KNOWN: Answers = ['ok', 'ok', 'not_found'];
export const NOT_YOURS: Answers = ['ok', 'forbidden', 'forbidden'];
export const PASSWORD = 'ten-or-more-letters';
