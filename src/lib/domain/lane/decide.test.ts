import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { happenings, makeHappen } from '../../../../tests/fixtures/happenings';
import {
	allocateOf,
	completedOf,
	consumeOf,
	frozenCopy,
	meterOf,
	moneyOf,
	NOW_MS,
	placeOf,
	stateOf,
	switchOf,
	withdrawOf
} from '../../../../tests/fixtures/lane';
import { sweep } from '../../../../tests/fixtures/lane-steps';
import { LaneWorld } from '../../../../tests/fixtures/lane-world';
import { decide } from './decide';

describe('given three organisations and anything that can happen to them', () => {
	it('when commands come in any order, then the books agree after every one of them', () => {
		fc.assert(
			fc.property(fc.array(happenings, { maxLength: 60, size: 'max' }), (story) => {
				const world = new LaneWorld();
				story.forEach((happening, turn) => makeHappen(world, happening, turn));
			}),
			{ numRuns: 200 }
		);
	}, 30_000);

	it('when every call ends at last, then nothing is held and every talked minute is paid or owed', () => {
		fc.assert(
			fc.property(fc.array(happenings, { minLength: 10, maxLength: 40, size: 'max' }), (story) => {
				const world = new LaneWorld();
				story.forEach((happening, turn) => makeHappen(world, happening, turn));
				for (const [id, call] of world.state.calls) {
					const providerCallId = call.providerCallId ?? `CA-of-${id}`;
					world.submit(sweep({ kind: 'event', event: completedOf(61, { providerCallId }) }, id));
				}
				for (const { credit, liveCalls } of world.state.organizations.values()) {
					expect({ heldMinutes: credit.heldMinutes, liveCalls }).toEqual({
						heldMinutes: 0,
						liveCalls: 0
					});
					expect([
						credit.heldMicros,
						credit.overdraftHeldMicros,
						credit.overdraftHeldMinutes
					]).toEqual([0n, 0n, 0]);
				}
			}),
			{ numRuns: 60 }
		);
	}, 30_000);
});

describe('decide', () => {
	it('given the same state, command and moment, then the answer is the same', () => {
		const state = stateOf();
		expect(decide(state, placeOf(), NOW_MS)).toEqual(decide(state, placeOf(), NOW_MS));
	});

	it('given a state that cannot be written, then every kind of command can be decided on it', () => {
		const state = frozenCopy(stateOf());
		const kinds = [
			placeOf(),
			allocateOf(),
			switchOf(false, 'drain'),
			moneyOf(),
			consumeOf(),
			withdrawOf(),
			meterOf(),
			{ kind: 'bind_provider_call', provider: 'twilio', callId: 'call-1', providerCallId: 'CA1' },
			{ kind: 'close_submit', callId: 'call-1', outcome: 'refused', endReason: 'busy' },
			sweep({ kind: 'never_existed' })
		] as const;
		for (const command of kinds) expect(() => decide(state, command, NOW_MS)).not.toThrow();
	});
});
