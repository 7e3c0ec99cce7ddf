import { v7 as uuid } from 'uuid';
import { describe, expect, it } from 'vitest';
import { firstCallIdAt } from './call-ids';

describe('given ids of calls', () => {
	it.each([0, 1_000, Date.parse('2026-11-21T10:00:00.123Z')])(
		'when one was placed at %i, then it lies at or after the first id of that moment and before that of the next',
		(atMs) => {
			const id = uuid({ msecs: atMs });
			expect(id >= firstCallIdAt(atMs)).toBe(true);
			expect(id < firstCallIdAt(atMs + 1)).toBe(true);
		}
	);
});
