import { describe, expect, it } from 'vitest';
import {
	alreadyCalling,
	insufficientBalance,
	minutesExhausted,
	organizationInactive,
	overdraftUnconfirmed
} from './blocks';
import type { BillingMode } from './types';

const exhausted = (
	numbers: Partial<Parameters<typeof minutesExhausted>[1]> = {},
	mode: BillingMode = 'minutes'
) =>
	minutesExhausted(
		'Asha Travels',
		{ remainingMinutes: 0, heldMinutes: 0, neededMinutes: 1, ...numbers },
		mode
	);

describe('minutesExhausted', () => {
	it('given nothing left and nothing held, then it says so and names two ways out', () => {
		expect(exhausted()).toEqual({
			code: 'minutes_exhausted',
			title: 'No minutes left',
			message: 'The call was not placed. Asha Travels has 0 minutes left.',
			wayOut: 'Ask your administrator for minutes, or contact sales.',
			numbers: { remainingMinutes: 0, heldMinutes: 0 }
		});
	});

	it('given a wallet that may pay too, then funds are a way out', () => {
		expect(exhausted({}, 'minutes_then_wallet').wayOut).toBe(
			'Ask your administrator for minutes or funds, or contact sales.'
		);
	});

	it('given minutes held by calls, then they are named apart and waiting is a way out', () => {
		const block = exhausted({ heldMinutes: 2 });
		expect(block.message).toBe(
			'The call was not placed. Asha Travels has 0 minutes left (2 are held by calls in progress).'
		);
		expect(block.wayOut).toMatch(/^Wait until a call in progress ends, /);
		expect(block.numbers).toEqual({ remainingMinutes: 0, heldMinutes: 2 });
	});

	it('given one held minute, then the sentence is in the singular', () => {
		expect(exhausted({ heldMinutes: 1 }).message).toContain('(1 is held by calls in progress)');
	});

	it('given fewer left than the call needs, then both are said', () => {
		expect(exhausted({ remainingMinutes: 1, neededMinutes: 3 })).toMatchObject({
			title: 'Not enough minutes',
			message: 'The call was not placed. Asha Travels has 1 minute left; this call needs 3.'
		});
	});
});

describe('insufficientBalance', () => {
	const short = (
		numbers: Partial<Parameters<typeof insufficientBalance>[1]>,
		minutes: number,
		costMicros: bigint
	) =>
		insufficientBalance(
			'Asha Travels',
			{
				...{ remainingMinutes: 0, heldMinutes: 0, spendableMicros: 0n, heldMicros: 0n },
				...{ perMinuteMicros: 100_000n, ...numbers }
			},
			{ minutes, costMicros },
			'minutes_then_wallet'
		).message.replace('The call was not placed. Asha Travels has ', '');

	it.each([
		[
			{ spendableMicros: 90_000n },
			1,
			100_000n,
			'$0.09 in the wallet; a minute to this number costs $0.10.'
		],
		[
			{ spendableMicros: 200_000n },
			3,
			300_000n,
			'$0.20 in the wallet; the 3 minutes it needs cost $0.30.'
		],
		[
			{ remainingMinutes: 1, spendableMicros: 90_000n },
			2,
			200_000n,
			'1 minute left and $0.09 in the wallet; the 2 more it needs cost $0.20.'
		],
		[
			{ spendableMicros: 33_332n },
			1,
			33_333n,
			'$0.033332 in the wallet; a minute to this number costs $0.033333.'
		]
	])(
		'given %o and %i minutes needed, then it says what is there and what they cost',
		(numbers, minutes, cost, said) => {
			expect(short(numbers, minutes, cost)).toBe(said);
		}
	);
});

it('given a wallet that pays alone, then minutes are neither named nor a way out', () => {
	const numbers = { remainingMinutes: 0, heldMinutes: 3, heldMicros: 0n };
	const block = insufficientBalance(
		'Asha Travels',
		{ ...numbers, spendableMicros: 0n, perMinuteMicros: 100_000n },
		{ minutes: 1, costMicros: 100_000n },
		'wallet'
	);
	expect(block.message).toContain('has $0.00 in the wallet;');
	expect(block.wayOut).toBe('Add funds, or contact sales.');
});

it.each([
	['minutes', 1, '1 minute of agreed overdraft is left.', 'the next allocation pays it first'],
	['wallet', 5, '5 minutes of agreed overdraft are left.', 'the next top-up pays it first'],
	['minutes_then_wallet', 5, '5 minutes', 'the next allocation or top-up pays it first']
] as const)(
	'given an overdraft in mode %s, then the question says what is left and what pays it',
	(mode, minutes, left, pays) => {
		const block = overdraftUnconfirmed('Asha Travels', minutes, mode);
		expect(block.message).toContain(left);
		expect(block.wayOut).toContain(pays);
	}
);

it('given an organisation that is off, then the block names it and says who switches it on', () => {
	expect(organizationInactive('Asha Travels')).toEqual({
		code: 'organization_inactive',
		title: 'Calling is switched off',
		message: 'The call was not placed. Calling is switched off for Asha Travels.',
		wayOut: 'Ask your administrator to switch it on, or contact sales.',
		numbers: {}
	});
});

it('given a number that is being called, then the block says to wait', () => {
	expect(alreadyCalling('Asha Travels')).toEqual({
		code: 'already_calling',
		title: 'Already being called',
		message: 'The call was not placed. Asha Travels is calling this number right now.',
		wayOut: 'Wait until that call ends, then call again.',
		numbers: {}
	});
});
