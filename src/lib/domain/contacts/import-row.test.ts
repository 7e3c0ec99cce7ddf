import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CSV_BOM, toCsvLine } from '../csv/cells';
import { CONTACT_FIELDS, type ContactValues } from './fields';
import { checkMapping, EXPORT_FIELDS, guessColumns, IMPORT_FIELD_WORDS } from './import-columns';
import { changesOf, readImportRow, type ImportTarget } from './import-row';

const MAPPING = ['name', 'phone', 'email', 'doNotCall', 'doNotCallReason'] as const;
const read = (...cells: string[]) => readImportRow(cells, MAPPING, 'US');

describe('given a row of a file', () => {
	it('when everything is there, then it is a contact', () => {
		expect(read("'=Priya", "'+12025550161", 'p@lotus.example', 'Yes', 'Asked')).toMatchObject({
			problem: null,
			draft: {
				...{ name: '=Priya', phone: '+12025550161', email: 'p@lotus.example' },
				...{ doNotCall: true, doNotCallReason: 'Asked' }
			}
		});
	});

	it('when there is no name, then something else stands for it', () => {
		expect(read('', '+12025550161', 'p@lotus.example').draft?.name).toBe('p@lotus.example');
		expect(read('', '+12025550161').draft).toMatchObject({
			name: '+12025550161',
			isNameMade: true
		});
		const both = ['firstName', 'lastName', 'phone'] as const;
		expect(readImportRow(['Priya', 'Nair', '2025550161'], both, 'US').draft?.name).toBe(
			'Priya Nair'
		);
	});

	it.each([
		[['x'.repeat(201), '+12025550161'], 'Name has 201 characters'],
		[['A', ''], 'There is no phone number'],
		[['A', '+12025550161', 'a@b'], 'is no e-mail address'],
		[['A', '+12025550161', '', 'perhaps'], 'must be yes or no'],
		[['A\0', '+12025550161'], 'U+0000']
	])('when it is %j, then it is refused', (cells, why) => {
		expect(read(...cells)).toMatchObject({ draft: null, problem: expect.stringContaining(why) });
	});

	it('when the country of the address is given, then the number is one of it', () => {
		const mapping = ['name', 'phone', 'country'] as const;
		expect(readImportRow(['A', '09845000161', 'India'], mapping, 'US').draft).toMatchObject({
			...{ phone: '+919845000161', country: 'IN' }
		});
	});
});

describe('given a contact that has the number already', () => {
	const nothing = Object.fromEntries(CONTACT_FIELDS.map((field) => [field, null]));
	const known = {
		...(nothing as unknown as ContactValues), // every field was just named
		...{ name: 'Ann', phone: '+12025550161', city: 'Delhi' },
		...{ doNotCall: false, doNotCallReason: null }
	} satisfies ImportTarget;
	const draft = {
		...{ ...known, name: 'Anna', city: 'Oslo', company: 'Kite' },
		...{ doNotCall: true, doNotCallReason: 'Asked', isNameMade: false }
	};

	it.each([
		['skip', {}],
		['fill', { company: 'Kite', doNotCall: true, doNotCallReason: 'Asked' }],
		[
			'overwrite',
			{ name: 'Anna', city: 'Oslo', company: 'Kite', doNotCall: true, doNotCallReason: 'Asked' }
		]
	] as const)('when the rule is to %s, then it changes what it says', (rule, changed) => {
		expect(changesOf(known, draft, rule)).toEqual(changed);
	});

	it('when the file says less or nothing, then nothing is emptied and no mark is taken away', () => {
		const barred = { ...known, doNotCall: true, doNotCallReason: 'Asked' };
		const silent = { ...known, city: null, doNotCall: false, isNameMade: true, name: 'made' };
		expect(changesOf(barred, silent, 'overwrite')).toEqual({});
	});
});

describe('given the heads of a file', () => {
	it.each([
		[
			['Full Name', 'Mobile No.', 'E-mail', 'Remarks'],
			['name', 'phone', 'email', 'about']
		],
		[
			['FIRST_NAME', 'Surname', 'Telefon', 'PLZ'],
			['firstName', 'lastName', 'phone', 'postalCode']
		],
		[
			['Name', 'Phone', 'Phone'],
			['name', 'phone', null]
		],
		[
			['Name', 'Call this', 'What'],
			['name', 'phone', null]
		]
	])('when they are %j, then they mean %j', (heads, mapping) => {
		const row = heads.map((_, index) => (index === 1 || index === 2 ? '+12025550161' : 'x'));
		const rows = [heads, heads[1] === 'Call this' ? ['x', '+12025550161', 'y'] : row];
		expect(guessColumns(rows, 'US')).toEqual({ hasHeader: true, mapping });
	});

	it('when there are none, then the number is found by what it is', () => {
		const rows = [
			['Ann', '+12025550161'],
			['Bob', '+12025550162']
		];
		expect(guessColumns(rows, 'US')).toEqual({ hasHeader: false, mapping: ['name', 'phone'] });
	});

	it('when a mapping cannot be used, then it says why', () => {
		expect(checkMapping(['name'])).toContain('phone number');
		expect(checkMapping(['phone', 'name', 'name'])).toContain('Name is chosen for two');
		expect(checkMapping(['phone', null, null])).toBeNull();
	});
});

describe('given contacts of any kind', () => {
	const words = fc.string({ unit: 'grapheme', maxLength: 12 });
	const spiked = fc
		.array(
			fc.constantFrom("'", '=', '+', '-', '@', ';', ',', '\t', '\r\n', '\n', '"', 'é', '😀', ' 7')
		)
		.map((parts) => parts.join(''));
	const text = fc
		.oneof(words, spiked)
		.map((value) => value.replaceAll('\0', '').trim())
		.map((value) => (value === '' ? null : value));
	const contact = fc.record({
		name: text.map((value) => value ?? 'Somebody'),
		phone: fc.integer({ min: 0, max: 9_999 }).map((n) => `+1415220${String(n).padStart(4, '0')}`),
		email: fc.constantFrom(null, 'priya@lotus.example', '=1@kite.example'),
		company: text,
		timezone: fc.constantFrom(null, 'Asia/Kolkata'),
		address: text,
		city: text,
		region: text,
		postalCode: fc.constantFrom(null, '01234', '+1'),
		country: fc.constantFrom(null, 'IN'),
		about: text,
		externalId: text,
		doNotCall: fc.boolean(),
		doNotCallReason: text
	});

	it('when they are exported and read again, then they are the same', () => {
		fc.assert(
			fc.property(fc.array(contact, { minLength: 1, maxLength: 4 }), (contacts) => {
				const cells = contacts.map((one) =>
					EXPORT_FIELDS.map((field) =>
						typeof one[field] === 'boolean' ? (one[field] ? 'yes' : 'no') : one[field]
					)
				);
				const heads = EXPORT_FIELDS.map((field) => IMPORT_FIELD_WORDS[field]);
				const file = CSV_BOM + [heads, ...cells].map(toCsvLine).join('');
				const parsed: string[][] = parse(file, { bom: true, relax_quotes: true });
				const { hasHeader, mapping } = guessColumns(parsed, 'US');
				expect({ hasHeader, mapping }).toEqual({ hasHeader: true, mapping: EXPORT_FIELDS });
				parsed.slice(1).forEach((row, index) => {
					const { isNameMade: _made, ...draft } = readImportRow(row, mapping, 'US').draft ?? {};
					const original = contacts[index];
					const reason = original?.doNotCall ? original.doNotCallReason : null;
					expect(draft).toEqual({ ...original, doNotCallReason: reason });
				});
			}),
			{ numRuns: 500 }
		);
	});
});
