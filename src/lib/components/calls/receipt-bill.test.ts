import { describe, expect, it } from 'vitest';
import type { CallHoldView, ReceiptLineView } from '$lib/views';
import { billOf, holdSentences } from './receipt-bill';

function line(changes: Partial<ReceiptLineView>): ReceiptLineView {
	return {
		paidBy: 'allocation',
		settlesDebt: false,
		allocationId: null,
		reason: null,
		minutes: null,
		amount: null,
		seconds: null,
		ratePerMinute: null,
		...changes
	};
}

describe('billOf', () => {
	it('given dollars that were owed and paid by minutes, then the wallet says what it paid and no price, and the grant why it pays', () => {
		const { lines, total } = billOf({ durationSeconds: 180, cost: '0.300000' }, [
			line({ reason: 'Order 4711', minutes: 2, settlesDebt: true }),
			line({
				...{ paidBy: 'wallet', amount: '0.100000' }
			})
		]);
		expect(lines.map(({ note }) => note)).toEqual([
			'It was owed, and paid when this was allocated',
			null
		]);
		expect(total).toBe('2 min + $0.10');
	});

	it('given minutes alone, then it names the allocation and says how seconds became minutes', () => {
		const bill = billOf({ durationSeconds: 61, cost: '0.000000' }, [
			line({ reason: 'Welcome minutes', minutes: 2 })
		]);
		expect(bill).toEqual({
			lines: [
				{
					words: 'From “Welcome minutes”',
					note: '61 s counts as 2 minutes',
					amount: '2 min',
					isOwed: false
				}
			],
			total: '2 min'
		});
	});

	it('given the wallet alone, then it shows the seconds, the rate and the rounding', () => {
		const bill = billOf({ durationSeconds: 61, cost: '0.200000' }, [
			line({ paidBy: 'wallet', amount: '0.200000', seconds: 61, ratePerMinute: '0.100000' })
		]);
		expect(bill.lines[0]?.words).toBe('From the wallet: 61 s at $0.10/min');
		expect(bill.lines[0]?.note).toBe('61 s counts as 2 minutes');
		expect(bill.total).toBe('$0.20');
	});

	it('given both, then each part rounds for itself and the total has both', () => {
		const bill = billOf({ durationSeconds: 150, cost: '0.100000' }, [
			line({ reason: 'Trial', minutes: 2 }),
			line({ paidBy: 'wallet', amount: '0.100000', seconds: 30, ratePerMinute: '0.100000' })
		]);
		expect(bill.lines.map(({ note }) => note)).toEqual([null, '30 s counts as 1 minute']);
		expect(bill.total).toBe('2 min + $0.10');
	});

	it('given an increment of six seconds, then it says the seconds that were charged', () => {
		const bill = billOf({ durationSeconds: 61, cost: '0.110000' }, [
			line({ paidBy: 'wallet', amount: '0.110000', seconds: 61, ratePerMinute: '0.100000' })
		]);
		expect(bill.lines[0]?.note).toBe('61 s counts as 66 s');
	});

	it('given a wallet that could not pay all, then the rest is owed and the total is the price', () => {
		const bill = billOf({ durationSeconds: 61, cost: '0.200000' }, [
			line({ paidBy: 'wallet', amount: '0.150000', seconds: 61, ratePerMinute: '0.100000' }),
			line({ paidBy: 'debt', amount: '0.050000' })
		]);
		expect(bill.lines[0]?.note).toContain('It cost $0.20; the wallet paid what it had');
		expect(bill.lines[1]).toMatchObject({ words: 'Owed', amount: '$0.05', isOwed: true });
		expect(bill.total).toBe('$0.20');
	});

	it('given a call that was never answered, then there is nothing to pay', () => {
		expect(billOf({ durationSeconds: null, cost: '0.000000' }, [])).toEqual({
			lines: [],
			total: '0 min'
		});
	});
});

describe('holdSentences', () => {
	const hold: CallHoldView = {
		heldMinutes: 3,
		heldAmount: '0.000000',
		overdraftMinutes: 0,
		returnedMinutes: 1,
		returnedAmount: '0.000000',
		drainCause: null
	};

	it.each<[string, Partial<CallHoldView>, string]>([
		['minutes, some unused', {}, '3 min was set aside for it; 1 min went back when it ended.'],
		['all of it used', { returnedMinutes: 0 }, '3 min was set aside for it and used.'],
		[
			'both, and dollars unused',
			{ heldAmount: '0.200000', returnedMinutes: 0, returnedAmount: '0.100000' },
			'3 min + $0.20 was set aside for it; $0.10 went back when it ended.'
		],
		['a live call', { returnedMinutes: null, returnedAmount: null }, '3 min is set aside for it.'],
		[
			'agreed debt',
			{ heldMinutes: 0, returnedMinutes: 0, overdraftMinutes: 2 },
			'2 minutes of agreed debt was set aside for it.'
		],
		[
			'a budget that ended it',
			{ returnedMinutes: 0, drainCause: 'budget' },
			'3 min was set aside for it and used. There was no more: the budget was used up.'
		]
	])('given %s, then it says so', (_what, change, sentence) => {
		expect(holdSentences({ ...hold, ...change })).toBe(sentence);
	});
});
