import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseCallerId, type CallerId } from './caller-id';

const CALL = { organizationId: 1, provider: 'twilio', country: 'IN', to: '+919900000001' } as const;

function idOf(part: Partial<CallerId>): CallerId {
	return {
		organizationId: null,
		provider: 'twilio',
		number: '+12025550100',
		country: 'US',
		...part
	};
}

const ownIndian = idOf({ organizationId: 1, number: '+918000000001', country: 'IN' });
const ownAmerican = idOf({ organizationId: 1, number: '+12025550101' });
const sharedIndian = idOf({ number: '+918000000002', country: 'IN' });
const sharedAmerican = idOf({ number: '+12025550102' });
const foreign = idOf({ organizationId: 2, number: '+918000000003', country: 'IN' });
const exotel = idOf({
	organizationId: 1,
	provider: 'exotel',
	number: '+918000000004',
	country: 'IN'
});

describe('given a pool of numbers', () => {
	it.each([
		[
			'all there are',
			[sharedAmerican, sharedIndian, ownAmerican, ownIndian, foreign, exotel],
			ownIndian
		],
		['no own one of the country', [sharedIndian, ownAmerican, foreign], ownAmerican],
		['no own one', [sharedAmerican, sharedIndian, foreign], sharedIndian],
		['only a shared one of elsewhere', [sharedAmerican, foreign], sharedAmerican],
		['only those of another tenant', [foreign], null],
		['only those of another provider', [exotel], null],
		['nothing', [], null]
	])('when there is %s, then the right one is chosen', (_what, pool, chosen) => {
		expect(chooseCallerId(pool, CALL)).toBe(chosen?.number ?? null);
	});

	it('when several are as good, then one lead always sees the same, and leads are shared out', () => {
		const pool = ['1', '2', '3'].map((digit) =>
			idOf({ number: `+9180000000${digit}`, country: 'IN' })
		);
		const seen = new Set<string | null>();
		for (let lead = 0; lead < 60; lead++) {
			const call = { ...CALL, to: `+9199000000${lead}` };
			const chosen = chooseCallerId(pool, call);
			expect(chooseCallerId([...pool].reverse(), call)).toBe(chosen);
			seen.add(chosen);
		}
		expect(seen.size).toBe(3);
	});

	it('when it is any pool, then no number of another tenant or provider is shown', () => {
		const any = fc.constantFrom(
			ownIndian,
			ownAmerican,
			sharedIndian,
			sharedAmerican,
			foreign,
			exotel
		);
		fc.assert(
			fc.property(fc.array(any), (pool) => {
				expect([foreign.number, exotel.number]).not.toContain(chooseCallerId(pool, CALL));
			})
		);
	});
});
