import { describe, expect, it } from 'vitest';
import {
	allocateOf,
	completedOf,
	creditOf,
	debtOf,
	deliveryOf,
	eventOf,
	getCall,
	getOrganization,
	lotOf,
	NOW_MS,
	organizationOf,
	placeOf,
	run,
	stateOf,
	withdrawOf
} from '../../../../tests/fixtures/lane';
import type { SetActive } from './commands';

/** An organisation that owes five minutes: three for an older call, two for a newer one. */
function indebted() {
	const credit = creditOf([], { totalMinutes: 8, usedMinutes: 8, debtMinutes: 5 });
	return stateOf({
		organizations: [organizationOf({ credit })],
		debts: [
			debtOf('newer', { minutes: 2, createdAtMs: NOW_MS - 1_000 }),
			debtOf('older', { minutes: 3, createdAtMs: NOW_MS - 2_000 })
		]
	});
}

const switchTo = (isActive: boolean): SetActive => ({
	kind: 'set_active',
	organizationId: 1,
	isActive,
	policy: null,
	actor: { kind: 'user', userId: 'admin-1' }
});

describe('given an allocation', () => {
	it('when it is made, then there is a new lot, a line of history and one of audit', () => {
		const state = stateOf();
		const command = allocateOf({ minutes: 25, actor: { kind: 'user', userId: 'admin-1' } });
		const { result, changes } = run(state, command);
		expect(result).toEqual({ kind: 'allocated', repeated: false, paidDebtMinutes: 0 });
		expect(getOrganization(state).credit).toMatchObject({ totalMinutes: 35, usedMinutes: 0 });
		expect(getOrganization(state).credit.lots.map((lot) => lot.remainingMinutes)).toEqual([10, 25]);
		expect(changes.rows?.history).toMatchObject([
			{ kind: 'allocate', minutes: 25, allocatedBy: 'admin-1', reason: 'bought by phone' }
		]);
		expect(changes.rows?.audit).toMatchObject([
			{
				action: 'minutes.allocate',
				before: { totalMinutes: 10 },
				after: { totalMinutes: 35, minutes: 25 }
			}
		]);
	});

	it('when the same one comes again, then it is answered and grants nothing', () => {
		const state = stateOf();
		run(state, allocateOf());
		const { result, changes } = run(state, allocateOf());
		expect(result).toEqual({ kind: 'allocated', repeated: true, paidDebtMinutes: 0 });
		expect(changes).toEqual({});
		expect(getOrganization(state).credit.totalMinutes).toBe(20);
	});

	it('when its id is that of another organisation, then it is refused and grants nothing', () => {
		const other = organizationOf({ id: 2, credit: creditOf([lotOf({ id: 'lot-2' })]) });
		const state = stateOf({ organizations: [organizationOf(), other] });
		const { result, changes } = run(state, allocateOf({ allocationId: 'lot-2' }));
		expect(result).toEqual({ kind: 'id_taken' });
		expect(changes).toEqual({});
	});

	it('when it is for an organisation nobody knows, then nothing changes', () => {
		const { result, changes } = run(stateOf(), allocateOf({ organizationId: 99 }));
		expect(result).toEqual({ kind: 'unknown_organization' });
		expect(changes).toEqual({});
	});
});

describe('given open debt', () => {
	it('when less is allocated than is owed, then the oldest call is paid first and nothing is left to spend', () => {
		const state = indebted();
		const { result, changes } = run(state, allocateOf({ minutes: 4 }));
		expect(result).toEqual({ kind: 'allocated', repeated: false, paidDebtMinutes: 4 });
		expect(changes.rows?.usage).toMatchObject([
			{ callId: 'older', minutesConsumed: 3, settlesDebt: true, allocationId: 'lot-2' },
			{ callId: 'newer', minutesConsumed: 1, settlesDebt: true, allocationId: 'lot-2' }
		]);
		expect(getOrganization(state).credit).toMatchObject({
			totalMinutes: 12,
			usedMinutes: 12,
			debtMinutes: 1
		});
		expect(state.openDebts.get(1)).toMatchObject([{ callId: 'newer', remainingMinutes: 1 }]);
		expect(run(state, placeOf()).result.kind).toBe('blocked');
	});

	it('when dollars are owed for calls where minutes pay, then they are paid minute for minute of the talk', () => {
		const credit = creditOf([], { balanceMicros: 0n, debtMicros: 200_000n });
		const state = stateOf({
			organizations: [organizationOf({ credit })],
			debts: [debtOf('call-9', { amountMicros: 200_000n })]
		});
		const { changes } = run(state, allocateOf({ minutes: 5 }));
		expect(getOrganization(state).credit).toMatchObject({
			debtMicros: 0n,
			usedMinutes: 2,
			totalMinutes: 5
		});
		expect(changes.rows?.usage).toMatchObject([
			{ callId: 'call-9', minutesConsumed: 2, settlesDebt: true }
		]);
		expect(state.openDebts.get(1)).toEqual([]);
	});

	it('when it pays only the oldest call, then the receipts of the others have no line', () => {
		const { changes } = run(indebted(), allocateOf({ minutes: 3 }));
		expect(changes.debts).toMatchObject([{ callId: 'older', remainingMinutes: 0 }]);
		expect(changes.rows?.usage).toMatchObject([{ callId: 'older', minutesConsumed: 3 }]);
	});

	it('when more is allocated than is owed, then only the rest can be spent', () => {
		const state = indebted();
		run(state, allocateOf({ minutes: 7 }));
		const { credit } = getOrganization(state);
		expect(credit).toMatchObject({ totalMinutes: 15, usedMinutes: 13, debtMinutes: 0 });
		expect(credit.lots).toMatchObject([{ id: 'lot-2', remainingMinutes: 2 }]);
		expect(state.openDebts.get(1)).toEqual([]);
	});

	it('when two allocations follow each other, then each pays what the other left', () => {
		const state = indebted();
		run(state, allocateOf({ allocationId: 'lot-2', minutes: 1 }));
		const { changes } = run(state, allocateOf({ allocationId: 'lot-3', minutes: 10 }));
		expect(changes.rows?.usage).toMatchObject([
			{ callId: 'older', minutesConsumed: 2 },
			{ callId: 'newer', minutesConsumed: 2 }
		]);
		expect(getOrganization(state).credit).toMatchObject({ debtMinutes: 0, usedMinutes: 13 });
	});

	it('when a call talks longer than there are minutes, then the rest is owed and the next grant pays it', () => {
		const credit = creditOf([lotOf({ remainingMinutes: 2 })], { mode: 'minutes' });
		const state = stateOf({ organizations: [organizationOf({ credit })] });
		run(state, placeOf());
		const { changes } = run(state, deliveryOf(completedOf(301, { callId: 'call-1' })));
		expect(changes.debts).toMatchObject([{ callId: 'call-1', minutes: 4, remainingMinutes: 4 }]);
		expect(getOrganization(state).credit).toMatchObject({
			usedMinutes: 2,
			debtMinutes: 4,
			heldMinutes: 0
		});
		const paid = run(state, allocateOf({ minutes: 10 }));
		expect(paid.result).toMatchObject({ paidDebtMinutes: 4 });
		expect(getOrganization(state).credit).toMatchObject({ usedMinutes: 6, debtMinutes: 0 });
	});
});

describe('given an allocation that is taken back', () => {
	it.each([
		['never expires', null, NOW_MS],
		['would expire later', NOW_MS + 1_000, NOW_MS],
		['has expired', NOW_MS - 1_000, NOW_MS - 1_000]
	])(
		'when it %s, then what calls hold stays, and is promised to no other',
		(_when, at, expires) => {
			const lots = [
				lotOf({ id: 'other' }),
				lotOf({ remainingMinutes: 10, heldMinutes: 3, expiresAtMs: at })
			];
			const state = stateOf({ organizations: [organizationOf({ credit: creditOf(lots) })] });
			expect(run(state, withdrawOf()).result).toEqual({ kind: 'withdrawn', minutes: 7 });
			expect(getOrganization(state).credit).toMatchObject({
				totalMinutes: 13,
				lots: [
					{ id: 'other', remainingMinutes: 10, expiresAtMs: null },
					{ id: 'lot-1', remainingMinutes: 3, heldMinutes: 3, expiresAtMs: expires }
				]
			});
		}
	);

	it.each([
		['organisation', { organizationId: 99 }],
		['allocation', { allocationId: 'lot-9' }]
	])('when nobody knows the %s, then nothing changes', (_what, part) => {
		const { result, changes } = run(stateOf(), withdrawOf(part));
		expect(result).toEqual({ kind: 'unknown_allocation' });
		expect(changes).toEqual({});
	});
});

describe('given the switch of an organisation', () => {
	it('when it is off, then the next call is refused and the live one goes on to its bill', () => {
		const state = stateOf();
		run(state, placeOf());
		expect(run(state, switchTo(false)).result).toEqual({ kind: 'switched' });
		const next = placeOf({ callId: 'call-2', to: '+12025550102' });
		expect(run(state, next).result).toMatchObject({
			kind: 'blocked',
			block: { code: 'organization_inactive', numbers: {} }
		});
		run(state, deliveryOf(eventOf({ status: 'in_progress', callId: 'call-1' }), 'delivery-1'));
		run(state, deliveryOf(completedOf(61, { callId: 'call-1' }), 'delivery-2'));
		expect(getCall(state)).toMatchObject({ status: 'completed', billedMinutes: 2 });
		run(state, switchTo(true));
		expect(run(state, next).result.kind).toBe('placed');
	});

	it('when it is set to what it is, then nothing is written', () => {
		const { result, changes } = run(stateOf(), switchTo(true));
		expect(result).toEqual({ kind: 'unchanged' });
		expect(changes).toEqual({});
	});

	it('when it is switched, then the audit says who, from what and to what', () => {
		expect(run(stateOf(), switchTo(false)).changes.rows?.audit).toMatchObject([
			{
				actorUserId: 'admin-1',
				action: 'organization.set_active',
				before: { isActive: true },
				after: { isActive: false }
			}
		]);
	});

	it('when nobody knows the organisation, then nothing changes', () => {
		const { result } = run(stateOf(), { ...switchTo(false), organizationId: 99 });
		expect(result).toEqual({ kind: 'unknown_organization' });
	});
});
