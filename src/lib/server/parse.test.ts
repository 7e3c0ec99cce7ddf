import { expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from './errors';
import { invalidInput, parseInput } from './parse';

const schema = z.object({
	minutes: z.number('Minutes must be a number.').min(1, 'Minutes must be at least 1.'),
	reason: z
		.string('Reason must be a text.')
		.min(3, 'Reason is too short.')
		.regex(/^\w+$/, 'Reason is odd.')
});

function refusalOf(raw: unknown): AppError {
	try {
		parseInput(schema, raw);
	} catch (error) {
		if (error instanceof AppError) return error;
		throw error;
	}
	throw new Error('the input was taken');
}

it('given good input, then it is answered without what nobody asked for', () => {
	expect(parseInput(schema, { minutes: 5, reason: 'order', role: 'super_admin' })).toEqual({
		minutes: 5,
		reason: 'order'
	});
});

it('given several faults, then the message is the first and each field has its first sentence', () => {
	const refused = refusalOf({ minutes: 0, reason: '!' });
	expect(refused.code).toBe('invalid');
	expect(refused.message).toBe('Minutes must be at least 1.');
	expect(refused.fields).toEqual({
		minutes: 'Minutes must be at least 1.',
		reason: 'Reason is too short.'
	});
});

it.each([null, undefined, 'text', []])(
	'given %j instead of an object, then the fault is of the input',
	(raw) => {
		expect(Object.keys(refusalOf(raw).fields)).toEqual(['input']);
	}
);

it('given no issue at all, then there is a sentence all the same', () => {
	expect(invalidInput([])).toMatchObject({ message: 'The input is not valid.', fields: {} });
});
