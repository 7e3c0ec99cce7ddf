import type { CallEnd } from './faults';
import { seededInteger } from './random';

/** What the create request is answered with, and whether the call is placed. */
export type CreateAnswer =
	| 'created'
	| 'refused'
	| 'error-not-placed'
	| 'hang-but-placed'
	| 'hang-not-placed'
	| 'after-the-whole-call';

/** How the callbacks of the call arrive. */
export type CallbackHabit =
	'in-order' | 'no-final' | 'three-times' | 'reversed' | 'nonsense-final' | 'late';

/** The life of one call by its number. All times in simulated seconds. */
export interface Outcome {
	/** Last two digits of To; `other` for any number without a line of its own. */
	suffix: string;
	description: string;
	end: CallEnd;
	/** From the ringing event; null rings until the Timeout of the call. */
	ringSeconds: number | null;
	talkSeconds: number;
	sipResponseCode: number;
	create: CreateAnswer;
	callbacks: CallbackHabit;
}

/** Seconds callbacks are late for numbers that end in 99. */
export const LATE_CALLBACK_SECONDS = 20;
/** Real seconds create gives no answer for numbers that end in 92 and 93. */
export const CREATE_HANG_REAL_SECONDS = 60;

function answered(suffix: string, description: string, changes: Partial<Outcome> = {}): Outcome {
	return {
		suffix,
		description,
		end: 'completed',
		ringSeconds: 3,
		talkSeconds: 30,
		sipResponseCode: 200,
		create: 'created',
		callbacks: 'in-order',
		...changes
	};
}

/** 487 for busy as in payloads/twilio/callback.busy.2025.json; 404 unreachable: PROVIDERS.md 1.6. */
function unanswered(
	suffix: string,
	description: string,
	changes: Pick<Outcome, 'end' | 'ringSeconds'>
): Outcome {
	return answered(suffix, description, {
		talkSeconds: 0,
		sipResponseCode: changes.end === 'failed' ? 404 : 487,
		...changes
	});
}

/** The magic numbers: the last two digits of To decide. Free of any provider's wire. */
export const OUTCOMES: readonly Outcome[] = [
	answered('05', 'Answered, talks 5 seconds', { talkSeconds: 5 }),
	unanswered('10', 'Busy', { end: 'busy', ringSeconds: 2 }),
	unanswered('11', 'Rings until the timeout, no answer', { end: 'no-answer', ringSeconds: null }),
	unanswered('12', 'Fails without ringing (SIP 404)', { end: 'failed', ringSeconds: 0 }),
	unanswered('13', 'Cancelled while it rings', { end: 'canceled', ringSeconds: 4 }),
	answered('14', 'Answered after 25 seconds of ringing, talks 30 seconds', { ringSeconds: 25 }),
	answered('59', 'Answered, talks 59 seconds', { talkSeconds: 59 }),
	answered('60', 'Answered, talks 60 seconds', { talkSeconds: 60 }),
	answered('61', 'Answered, talks 61 seconds', { talkSeconds: 61 }),
	answered('62', 'Answered, talks 62 seconds', { talkSeconds: 62 }),
	answered('80', 'Answered, talks 180 seconds', { talkSeconds: 180 }),
	answered('81', 'Answered, talks 181 seconds', { talkSeconds: 181 }),
	answered('85', 'Answered, talks 20 minutes', { talkSeconds: 1_200 }),
	answered('90', 'Create is refused: not a valid number (400, code 21211)', { create: 'refused' }),
	answered('91', 'Create answers 500 and nothing is placed', { create: 'error-not-placed' }),
	answered('92', 'Create gives no answer for 60 real seconds, yet the call is placed', {
		create: 'hang-but-placed'
	}),
	answered('93', 'Create gives no answer for 60 real seconds and nothing is placed', {
		create: 'hang-not-placed'
	}),
	answered('94', 'Talks 30 seconds; the final callback is never sent', { callbacks: 'no-final' }),
	answered('95', 'Talks 30 seconds; every callback is sent three times', {
		callbacks: 'three-times'
	}),
	answered('96', 'Talks 30 seconds; callbacks come in reverse order', { callbacks: 'reversed' }),
	answered('97', 'The whole call ends, callbacks sent, before create is answered', {
		create: 'after-the-whole-call'
	}),
	answered('98', 'A nonsense final callback; REST says completed, 42 seconds', {
		talkSeconds: 42,
		callbacks: 'nonsense-final'
	}),
	answered('99', `Talks 30 seconds; callbacks come ${LATE_CALLBACK_SECONDS} seconds late`, {
		callbacks: 'late'
	})
];

/** What any other number does, for lists that people read. */
export const OTHER_NUMBERS_DESCRIPTION =
	'Answered after 2 to 5 seconds of ringing, talks 15 to 95 seconds; the same number, the same call';

const OUTCOME_BY_SUFFIX = new Map(OUTCOMES.map((outcome) => [outcome.suffix, outcome]));

/** The outcome of a dialled number; any number without a line is answered, by number and seed. */
export function outcomeForNumber(to: string, seed: string): Outcome {
	const magic = OUTCOME_BY_SUFFIX.get(to.replace(/\D/g, '').slice(-2));
	if (magic !== undefined) return magic;
	return answered('other', OTHER_NUMBERS_DESCRIPTION, {
		ringSeconds: seededInteger(2, 5, seed, 'ring', to),
		talkSeconds: seededInteger(15, 95, seed, 'talk', to)
	});
}
