import { outcomeForNumber, type Outcome } from '../outcomes';

export interface BolnaOutcome extends Outcome {
	/** What only Bolna does. */
	special: 'none' | 'silent' | 'balance-low' | 'error' | 'rescheduled';
}

const SPECIALS: Record<string, { special: BolnaOutcome['special']; description: string }> = {
	'71': { special: 'silent', description: 'Bolna: completed with 0 seconds' },
	'72': { special: 'balance-low', description: 'Bolna: the wallet at Bolna is empty' },
	'73': { special: 'error', description: 'Bolna: ends as error' },
	'74': { special: 'rescheduled', description: 'Bolna: rescheduled for a minute, then answered' }
};

/** Magic numbers that mean something at Bolna only, for lists that people read. */
export const BOLNA_OUTCOMES = Object.entries(SPECIALS).map(([suffix, { description }]) => ({
	suffix,
	description
}));

/** The outcome of a dialled number: the shared magic numbers and Bolna's own (…71 to …74). */
export function bolnaOutcome(to: string, seed: string): BolnaOutcome {
	const special = SPECIALS[to.replace(/\D/g, '').slice(-2)];
	const shared = outcomeForNumber(to, seed);
	if (special === undefined) return { ...shared, special: 'none' };
	return {
		...shared,
		...special,
		ringSeconds: 3,
		talkSeconds: special.special === 'silent' ? 0 : 30
	};
}
