import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toStorable } from './storable';

it.each(['key', 'Key', 'token', 'api_key', 'API-Token', 'Authorization', 'secret'])(
	'given a field named %s, then its value is not kept, however deep it lies',
	(name) => {
		const kept = toStorable({ id: '1', [name]: 's3cret', deep: [{ [name]: { a: 's3cret' } }] });
		expect(JSON.stringify(kept)).not.toContain('s3cret');
		expect(kept.id).toBe('1');
	}
);

it.each([
	['U+0000', 'New\0York', 'New\uFFFDYork'],
	['half a character', 'a\ud83d', 'a\uFFFD'],
	['a whole one', '📞', '📞']
])('given %s, then it can be kept', (_what, text, kept) => {
	expect(toStorable({ [text]: text })).toEqual({ [kept]: kept });
});

it('given nesting without end, then it ends', () => {
	const deep = JSON.parse('{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000));
	expect(JSON.stringify(toStorable(deep)).length).toBeLessThan(400);
});

it('given any JSON object, then it can be kept, and cleaning it twice is cleaning it once', () => {
	fc.assert(
		fc.property(
			fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 5 }),
			(raw) => {
				const kept = toStorable(JSON.parse(JSON.stringify(raw)));
				expect(toStorable(kept)).toEqual(kept);
				JSON.stringify(kept, (_name, value) => {
					if (typeof value === 'string') expect(value).toBe(value.replace('\0', '').toWellFormed());
					return value;
				});
			}
		),
		{ numRuns: 50 }
	);
});
