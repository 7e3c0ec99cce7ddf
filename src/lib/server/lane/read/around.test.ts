import { describe, expect, it } from 'vitest';
import type { Call } from '$lib/domain/call/call';
import type { Command } from '$lib/domain/lane/commands';
import type { Organization } from '$lib/domain/lane/state';
import { aroundOf, foresee, includes } from './around';
import { nameAll } from './named';

const HOUR_MS = 3_600_000;
const NEW_YEAR_MS = Date.parse('2026-12-31T00:00:00Z');

function organizationIn(timezone: string): Map<number, Organization> {
	return new Map([[1, { id: 1, timezone } as Organization]]);
}

/** What naming reads of a command. */
const PLACE = {
	...{ kind: 'place_call', organizationId: 1, callId: 'new', to: '+12025550123' },
	...{ user: null, campaignId: null, idempotencyKey: null }
} as Command;

describe('what is foreseen of a batch that places calls', () => {
	const named = nameAll([PLACE]);

	it('given any zone at any hour, when the organisation is locked, then its day was foreseen', () => {
		for (const zone of [...Intl.supportedValuesOf('timeZone'), 'Etc/GMT+12', 'Etc/GMT-14']) {
			for (let hour = 0; hour < 48; hour++) {
				const nowMs = NEW_YEAR_MS + hour * HOUR_MS + 1_799_000;
				const around = aroundOf(named, organizationIn(zone), [], nowMs);
				expect(includes(foresee(named, nowMs) ?? around, around), zone).toBe(true);
			}
		}
	});

	it.each([
		['of an earlier day', { localDay: '2026-12-20' }],
		['of a person nobody named', { userId: 'someone-else' }],
		['of a campaign nobody named', { campaignId: 'another' }]
	])('given a call %s that it meets, then that was not foreseen', (_name, change) => {
		const met = { localDay: '2026-12-31', userId: null, campaignId: null, ...change } as Call;
		const around = aroundOf(named, organizationIn('UTC'), [met], NEW_YEAR_MS);
		const foreseen = foresee(named, NEW_YEAR_MS);
		expect(foreseen && includes(foreseen, around)).toBe(false);
	});

	it('given a call that should be there already, then nothing can be foreseen', () => {
		const close = { kind: 'close_submit', callId: 'there' } as Command;
		expect(foresee(nameAll([PLACE, close]), NEW_YEAR_MS)).toBeNull();
	});
});
