import { describe, expect, it } from 'vitest';
import type { ContactValues } from './fields';
import { mergeValues, valuesToGiveBack } from './merge';

const EMPTY: ContactValues = {
	name: 'Priya Nair',
	phone: '+12025550161',
	email: null,
	company: null,
	timezone: null,
	address: null,
	city: null,
	region: null,
	postalCode: null,
	country: null,
	about: null,
	externalId: null
};

describe('given two contacts that become one', () => {
	const kept = { ...EMPTY, company: 'Lotus' };
	const other = {
		...EMPTY,
		name: 'P. Nair',
		phone: '+12025550162',
		email: 'p@lotus.example',
		company: 'Lotus Retail'
	};

	it('when nothing is chosen, then only what is missing is filled', () => {
		expect(mergeValues(kept, other, [])).toEqual({ email: 'p@lotus.example' });
	});

	it('when fields are chosen, then they are the other’s, but never the number', () => {
		expect(mergeValues(kept, other, ['company', 'name', 'phone', 'city'])).toEqual({
			name: 'P. Nair',
			email: 'p@lotus.example',
			company: 'Lotus Retail'
		});
	});

	it('when it is undone, then what was changed since stays', () => {
		const before = { email: null, company: 'Lotus' };
		const after = { email: 'p@lotus.example', company: 'Lotus Retail' };
		const current = { ...kept, email: 'new@lotus.example', company: 'Lotus Retail' };
		expect(valuesToGiveBack<ContactValues>(current, before, after)).toEqual({ company: 'Lotus' });
	});
});
