import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	allocateOf,
	consumeOf,
	eventOf,
	frozenCopy,
	meterOf,
	moneyOf,
	NOW_MS,
	placeOf,
	stateOf,
	switchOf,
	withdrawOf
} from '../../../../tests/fixtures/lane';
import { LaneWorld } from '../../../../tests/fixtures/lane-world';
import type { CallEvent } from '../call/event';
import type { ApplySweep, MoveMoney, SetActive } from './commands';
import { decide } from './decide';

/** One thing that happens, small enough to be drawn and shrunk: calls are named by their order. */
type Happening =
	| {
			kind: 'place';
			organization: number;
			number: number;
			estimate: number | null;
			key: number | null;
			isOverdraftAgreed: boolean;
			canBeCut: boolean;
	  }
	| { kind: 'place_again'; call: number }
	| { kind: 'bind'; call: number }
	| { kind: 'close'; call: number; outcome: 'refused' | 'unknown' }
	| {
			kind: 'hear';
			call: number;
			step: Step;
			talkSeconds: number;
			isNamed: boolean;
			isBroken: boolean;
	  }
	| {
			kind: 'sweep';
			call: number;
			finding: 'event' | 'never_existed' | 'no_answer';
			step: Step;
			talkSeconds: number;
	  }
	| {
			kind: 'allocate';
			organization: number;
			minutes: number;
			lot: number;
			priority: number;
			livesSeconds: number | null;
	  }
	| { kind: 'pay'; organization: number; dimes: number; payment: number; type: MoveMoney['type'] }
	| { kind: 'consume'; organization: number; minutes: number; report: number }
	| { kind: 'withdraw'; organization: number; lot: number; cause: 'revoke' | 'expire' }
	| { kind: 'meter'; call: number }
	| { kind: 'switch'; organization: number; isActive: boolean; policy: SetActive['policy'] }
	| { kind: 'wait'; seconds: number };

const STEPS = {
	initiated: { status: 'initiated', endReason: null },
	ringing: { status: 'ringing', endReason: null },
	answered: { status: 'in_progress', endReason: null },
	completed: { status: 'completed', endReason: null },
	busy: { status: 'failed', endReason: 'busy' },
	canceled: { status: 'cancelled', endReason: 'cancelled' },
	unknown: { status: null, endReason: null }
} as const satisfies Record<string, Pick<CallEvent, 'status' | 'endReason'>>;
type Step = keyof typeof STEPS;

const organization = fc.integer({ min: 1, max: 3 });
const call = fc.nat(7);
const step = fc.constantFrom<Step>(
	'initiated',
	'ringing',
	'answered',
	'completed',
	'completed',
	'busy',
	'canceled',
	'unknown'
);
const talkSeconds = fc.oneof(fc.nat(400), fc.constantFrom(0, 60, 61, 120));
const constant = <Kind extends string>(kind: Kind) => fc.constant(kind);

const happenings: fc.Arbitrary<Happening> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			kind: constant('place'),
			organization,
			number: fc.nat(4),
			estimate: fc.option(fc.integer({ min: 1, max: 6 })),
			key: fc.option(fc.nat(3), { freq: 2 }),
			isOverdraftAgreed: fc.boolean(),
			canBeCut: fc.boolean()
		})
	},
	{ weight: 1, arbitrary: fc.record({ kind: constant('place_again'), call }) },
	{ weight: 4, arbitrary: fc.record({ kind: constant('bind'), call }) },
	{
		weight: 1,
		arbitrary: fc.record({
			kind: constant('close'),
			call,
			outcome: fc.constantFrom('refused', 'unknown')
		})
	},
	{
		weight: 10,
		arbitrary: fc.record({
			kind: constant('hear'),
			call,
			step,
			talkSeconds,
			isNamed: fc.boolean(),
			isBroken: fc.nat(9).map((chance) => chance === 0)
		})
	},
	{
		weight: 2,
		arbitrary: fc.record({
			kind: constant('sweep'),
			call,
			finding: fc.constantFrom('event', 'event', 'never_existed', 'no_answer'),
			step,
			talkSeconds
		})
	},
	{
		weight: 3,
		arbitrary: fc.record({
			kind: constant('allocate'),
			organization,
			minutes: fc.integer({ min: 1, max: 12 }),
			lot: fc.nat(20),
			priority: fc.nat(2),
			livesSeconds: fc.option(fc.integer({ min: -10, max: 600 }))
		})
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: constant('switch'),
			organization,
			isActive: fc.boolean(),
			policy: fc.constantFrom(null, 'block_new', 'drain', 'cut_now')
		})
	},
	{
		weight: 3,
		arbitrary: fc.record({
			kind: constant('pay'),
			organization,
			dimes: fc.integer({ min: 1, max: 12 }),
			payment: fc.nat(15),
			type: fc.constantFrom('credit', 'credit', 'debit', 'refund')
		})
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: constant('consume'),
			organization,
			minutes: fc.integer({ min: 1, max: 5 }),
			report: fc.nat(5)
		})
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: constant('withdraw'),
			organization,
			lot: fc.nat(20),
			cause: fc.constantFrom('revoke', 'expire')
		})
	},
	{ weight: 4, arbitrary: fc.record({ kind: constant('meter'), call }) },
	{
		weight: 2,
		arbitrary: fc.record({ kind: constant('wait'), seconds: fc.oneof(fc.nat(90), fc.nat(90_000)) })
	}
);

const numberOf = (index: number) => `+120255501${String(index).padStart(2, '0')}`;
const providerCallIdOf = (callId: string) => `CA-${callId}`;

function makeHappen(world: LaneWorld, happening: Happening, turn: number): void {
	switch (happening.kind) {
		case 'place':
			return place(world, happening, turn);
		case 'allocate':
			world.submit(
				allocateOf({
					allocationId: `lot-${happening.organization}-${happening.lot}`,
					organizationId: happening.organization,
					minutes: happening.minutes,
					priority: happening.priority,
					expiresAtMs:
						happening.livesSeconds === null ? null : world.nowMs + happening.livesSeconds * 1_000
				})
			);
			return;
		case 'switch': {
			const { isActive, policy, organization: organizationId } = happening;
			world.submit({ ...switchOf(isActive, policy), organizationId });
			return;
		}
		case 'pay':
			world.submit(
				moneyOf({
					transactionId: `payment-${happening.organization}-${happening.payment}`,
					organizationId: happening.organization,
					type: happening.type,
					amountMicros: BigInt(happening.dimes) * 100_000n
				})
			);
			return;
		case 'consume':
			world.submit(
				consumeOf({
					organizationId: happening.organization,
					externalCallId: `pbx-${happening.report}`,
					minutes: happening.minutes
				})
			);
			return;
		case 'withdraw': {
			const { organization: organizationId, lot, cause } = happening;
			const allocationId = `lot-${organizationId}-${lot}`;
			world.submit(withdrawOf({ organizationId, allocationId, cause }));
			return;
		}
		case 'wait':
			world.nowMs += happening.seconds * 1_000;
			return;
		default:
			return makeHappenToCall(world, happening, turn);
	}
}

function place(world: LaneWorld, happening: Happening & { kind: 'place' }, turn: number): void {
	const command = placeOf({
		callId: `call-${turn}`,
		organizationId: happening.organization,
		to: numberOf(happening.number),
		estimateMinutes: happening.estimate,
		isOverdraftAgreed: happening.isOverdraftAgreed,
		canBeCut: happening.canBeCut,
		idempotencyKey: happening.key === null ? null : `key-${happening.key}`,
		country: happening.number % 2 === 0 ? 'US' : 'IN'
	});
	const expected = world.foretell(command);
	const heldBefore = world.heldMinutesOf(happening.organization);
	const result = world.submit(command);
	if (result.kind === 'placed' && result.repeated) {
		expect(result.call.idempotencyKey).toBe(command.idempotencyKey);
		expect(result.call.organizationId).toBe(command.organizationId);
		return;
	}
	expect(expected.kinds).toContain(result.kind === 'blocked' ? result.block.code : result.kind);
	expect(world.heldMinutesOf(happening.organization) - heldBefore).toBe(expected.heldMinutes);
}

type CallHappening = Happening & {
	kind: 'place_again' | 'bind' | 'close' | 'hear' | 'sweep' | 'meter';
};

function makeHappenToCall(world: LaneWorld, happening: CallHappening, turn: number): void {
	const target = world.callAt(happening.call);
	if (!target) return;
	const { id: callId, organizationId, to } = target;
	const providerCallId = providerCallIdOf(callId);
	const eventAt = (which: Step, seconds: number, isBroken = false) =>
		eventOf({
			...STEPS[which],
			providerCallId,
			occurredAtMs: world.nowMs - 500,
			talkSeconds: which === 'completed' && !isBroken ? seconds : null,
			problems: isBroken ? ['CallDuration is "-7".'] : []
		});
	switch (happening.kind) {
		case 'place_again': {
			const again = world.submit(
				placeOf({ callId, organizationId, to, holdId: `hold-again-${turn}` })
			);
			expect(again).toMatchObject({ kind: 'placed', repeated: true });
			return;
		}
		case 'bind':
			world.submit({ kind: 'bind_provider_call', provider: 'twilio', callId, providerCallId });
			expect(world.unmatchedOf(providerCallId), 'nothing waits for a bound call').toEqual([]);
			return;
		case 'close':
			world.submit({
				kind: 'close_submit',
				callId,
				outcome: happening.outcome,
				endReason: 'refused'
			});
			return;
		case 'hear': {
			const event = eventAt(happening.step, happening.talkSeconds, happening.isBroken);
			world.submit({
				kind: 'apply_delivery',
				deliveryId: `delivery-${turn}`,
				dedupeKey: `delivery-${turn}`,
				body: {},
				event: { ...event, callId: happening.isNamed ? callId : null }
			});
			return;
		}
		case 'meter':
			world.submit(meterOf(callId));
			return;
		case 'sweep':
			world.submit({ kind: 'apply_sweep', callId, finding: findingOf(happening, eventAt) });
	}
}

function findingOf(
	happening: Happening & { kind: 'sweep' },
	eventAt: (step: Step, talkSeconds: number) => CallEvent
): ApplySweep['finding'] {
	switch (happening.finding) {
		case 'event':
			return { kind: 'event', event: eventAt(happening.step, happening.talkSeconds) };
		case 'never_existed':
			return { kind: 'never_existed' };
		case 'no_answer':
			return { kind: 'no_answer', error: 'timeout' };
	}
}

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
				for (const id of world.state.calls.keys()) {
					world.submit({ kind: 'apply_sweep', callId: id, finding: { kind: 'never_existed' } });
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
			{ kind: 'apply_sweep', callId: 'call-1', finding: { kind: 'never_existed' } }
		] as const;
		for (const command of kinds) expect(() => decide(state, command, NOW_MS)).not.toThrow();
	});
});
