import { describe, expect, it } from 'vitest';
import { alreadyCalling, minutesExhausted, organizationInactive } from './blocks';

describe('minutesExhausted', () => {
	it('given nothing left and nothing held, then it says so and names two ways out', () => {
		expect(minutesExhausted('Asha Travels', 0, 0)).toEqual({
			code: 'minutes_exhausted',
			title: 'No minutes left',
			message: 'The call was not placed. Asha Travels has 0 minutes left.',
			wayOut: 'Ask your administrator for minutes, or contact sales.',
			numbers: { remainingMinutes: 0, heldMinutes: 0 }
		});
	});

	it('given minutes held by calls, then they are named apart and waiting is a way out', () => {
		const block = minutesExhausted('Asha Travels', 0, 2);
		expect(block.message).toBe(
			'The call was not placed. Asha Travels has 0 minutes left (2 are held by calls in progress).'
		);
		expect(block.wayOut).toMatch(/^Wait until a call in progress ends, /);
		expect(block.numbers).toEqual({ remainingMinutes: 0, heldMinutes: 2 });
	});

	it('given one held minute, then the sentence is in the singular', () => {
		expect(minutesExhausted('Asha Travels', 0, 1).message).toContain(
			'(1 is held by calls in progress)'
		);
	});

	it('given one minute left, then the sentence is in the singular', () => {
		expect(minutesExhausted('Asha Travels', 1, 0).message).toContain('has 1 minute left.');
	});
});

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
