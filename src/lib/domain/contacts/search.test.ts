import { describe, expect, it } from 'vitest';
import { readContactSearch } from './search';

describe('given what was typed into the search of contacts', () => {
	it.each([
		['+91 98450 00161', 'US', ['919845000161']],
		['098450 00161', 'IN', ['919845000161']],
		['0091 98450-00161', 'GB', ['919845000161']],
		['(202) 555-0161', 'US', ['12025550161']],
		['+44 (0)20 7946 0958', 'US', ['442079460958']],
		['0984', 'IN', ['984']],
		['555 01', 'US', ['55501']],
		['12', 'US', []],
		['Priya Nair', 'IN', ['Priya', 'Nair']],
		['Priya N', 'IN', ['Priya']],
		['pr', 'IN', []],
		['3M Health', 'US', ['Health']]
	])('when it is %j in %s, then it looks for %j', (typed, country, parts) => {
		expect(readContactSearch(typed, country)).toEqual({ start: typed, parts });
	});

	it('when it is blank, then there is nothing to look for', () => {
		expect(readContactSearch('  ', 'US')).toBeNull();
	});
});
