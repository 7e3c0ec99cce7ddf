import { describe, expect, it } from 'vitest';
import { troubleOf, type Remedy } from './error-words';

/** PROVIDERS.md 1.8, row by row. */
const ROWS: [Remedy, number[]][] = [
	[
		'new_token',
		[
			20101, 20102, 20103, 20104, 20105, 20106, 20107, 20151, 20157, 31201, 31202, 31203, 31204,
			31205, 31207
		]
	],
	['ask_microphone', [31401, 31402]],
	['check_call', [31003, 31005, 31009, 31408, 53000, 53400, 53402, 53405]],
	['tell', [31000, 31001, 31002, 31008, 31206, 31404, 31480, 31486, 31603]]
];

describe.each(ROWS)('given an error whose remedy is %s', (remedy, codes) => {
	it.each(codes)('when it is %i, then a sentence says what happened and what to do', (code) => {
		const trouble = troubleOf(code);
		expect(trouble).toMatchObject({ code, remedy });
		expect(trouble.sentence).toMatch(/^[A-Z].+\.$/);
		expect(trouble.sentence).not.toContain(String(code));
	});
});

describe('given an error', () => {
	it('when it is of the microphone, then it says that no call was placed', () => {
		for (const code of [31401, 31402]) {
			expect(troubleOf(code).sentence).toMatch(/^The call was not placed: /);
		}
	});

	it('when it is one we do not know, then it keeps its number', () => {
		expect(troubleOf(99_999)).toEqual({
			code: 99_999,
			remedy: 'tell',
			sentence: 'The phone in the browser reports error 99999. Reload the page and try again.'
		});
	});
});
