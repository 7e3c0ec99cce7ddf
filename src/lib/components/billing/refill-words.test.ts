import { describe, expect, it } from 'vitest';
import type { AutoRefillView, CardView } from '$lib/views';
import { cardName, refillNotice, refillSentence } from './refill-words';

const card: CardView = { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2034 };
const name = cardName(card);

function refill(changes: Partial<AutoRefillView> = {}): AutoRefillView {
	return {
		isEnabled: true,
		amount: '50.00',
		threshold: '10.00',
		monthlyCap: null,
		monthSpent: '0.00',
		month: '',
		state: 'armed',
		pauseReason: null,
		declines: 0,
		nextAttemptAt: null,
		lastRefillAt: null,
		...changes
	};
}

const notice = (changes: Partial<AutoRefillView>, saved: CardView | null = card, spent = '0.00') =>
	refillNotice(refill(changes), saved, spent, () => '14:40');

describe('the sentence of auto-refill', () => {
	it.each([
		[{}, `When the balance falls under $10, charge ${name} $50.`],
		[
			{ threshold: '12.50', amount: '100.00', monthlyCap: '1500.00' },
			`When the balance falls under $12.50, charge ${name} $100, at most $1,500 a month.`
		]
	])('given %o, then it says all of it', (changes, sentence) => {
		expect(refillSentence(refill(changes), card)).toBe(sentence);
	});

	it('given no card, then it names none', () => {
		expect(refillSentence(refill(), null)).toContain('charge the saved card $50.');
	});
});

describe('what there is to say about it', () => {
	it('given that all is well, or that it is off, then it says nothing', () => {
		expect(notice({})).toBeNull();
		expect(notice({ state: 'settled' })).toBeNull();
		expect(notice({ isEnabled: false, state: 'paused', pauseReason: 'declined' })).toBeNull();
	});

	it.each([
		['declined', /declined .* four times/, ['add_funds', 'resume']],
		['card_refused', /cannot be charged any more/, ['add_funds', 'resume']],
		['authentication_required', /3-D Secure/, ['add_funds', 'resume']],
		['no_card', /No card is saved/, ['add_funds']],
		['monthly_cap', /over the cap of \$80/, ['raise_cap', 'add_funds']],
		['mismatch', /not what was ordered/, ['add_funds', 'resume']]
	] as const)('given a pause by %s, then the reason and a way out', (pauseReason, words, ways) => {
		const said = notice({ state: 'paused', pauseReason, monthlyCap: '80.00' }, card, '50.00');
		expect(said).toMatchObject({ title: 'Auto-refill is paused', ways });
		expect(said?.text).toMatch(words);
	});

	it('given a wait after a decline, then which one it was and when it is tried again', () => {
		const waiting = {
			state: 'backoff',
			declines: 2,
			nextAttemptAt: '2026-11-25T14:40:00Z'
		} as const;
		expect(notice(waiting)).toMatchObject({ title: 'Charge declined, 2 of 4' });
		expect(notice(waiting)?.text).toContain('tried again at 14:40');
		expect(notice({ ...waiting, declines: 0 })?.text).toContain('nothing was taken');
	});

	it('given an outcome nobody knows, then that it is never charged twice', () => {
		expect(notice({ state: 'unknown' })?.text).toContain('never charged twice');
	});

	it('given that no card is saved, then it says so before it is needed', () => {
		expect(notice({}, null)).toMatchObject({ title: 'No card to charge', ways: ['add_funds'] });
	});
});
