import { describe, expect, it } from 'vitest';
import { readPhoneCell } from './read-phone';

describe('given a number that has been through a spreadsheet', () => {
	it.each([
		['+919845000161', 'US', '+919845000161'],
		["'+919845000161", 'US', '+919845000161'],
		['919845000161', 'US', '+919845000161'],
		['919845000161', 'IN', '+919845000161'],
		['9845000161', 'IN', '+919845000161'],
		['09845000161', 'IN', '+919845000161'],
		['919845000161.0', 'US', '+919845000161'],
		['00919845000161', 'US', '+919845000161'],
		['(202) 555-0161', 'US', '+12025550161'],
		['2025550161', 'US', '+12025550161'],
		['7911123456', 'GB', '+447911123456'],
		['+44 (0)20 7946 0958', 'US', '+442079460958'],
		['612345678', 'IT', '+390612345678'],
		['4.42079460958E+11', 'US', '+442079460958'],
		['+12025550161 ext. 12', 'US', '+12025550161']
	])('when it is %j in %s, then it is %s', (cell, country, e164) => {
		expect(readPhoneCell(cell, country)).toMatchObject({ e164, problem: null });
	});

	it.each([
		['4.41E+11', 'its last 9 digits are lost'],
		['9,19845E+11', 'its last 6 digits are lost'],
		['', 'There is no phone number'],
		["'", 'There is no phone number'],
		['########', 'too narrow'],
		['+12025550161 / +12025550162', 'more than one number'],
		['12345', 'too few digits'],
		['12345678901234567', 'too many digits'],
		['ask Priya', 'is no phone number']
	])('when it is %j, then it is refused because %s', (cell, why) => {
		expect(readPhoneCell(cell, 'US')).toMatchObject({
			e164: null,
			problem: expect.stringContaining(why)
		});
	});

	it('when something was put back, then it says what', () => {
		expect(readPhoneCell('919845000161', 'US').note).toBe(
			'Read as +919845000161: its plus was missing.'
		);
		expect(readPhoneCell('+12025550161 x12', 'US').note).toBe('Extension 12 was left out.');
	});
});
