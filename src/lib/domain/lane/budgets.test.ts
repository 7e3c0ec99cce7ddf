import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	COMMAND_LINE,
	completedOf,
	creditOf,
	deliveryOf,
	lotOf,
	meterOf,
	MINUTE_MS,
	NOW_MS,
	organizationOf,
	placeOf,
	run,
	stateOf
} from '../../../../tests/fixtures/lane';
import { bind } from '../../../../tests/fixtures/lane-steps';
import { periodStart } from '../credit/budgets';
import { coveredMinutes } from '../credit/types';
import { localDay } from '../time-zone';
import type { RemoveBudget, SetBudget } from './commands';
import type { LaneState } from './state';

const ZONE = 'Asia/Kolkata';
const numberAt = (index: number) => `+120255502${String(index).padStart(2, '0')}`;

function rich(): LaneState {
	const credit = creditOf([lotOf({ remainingMinutes: 10_000 })]);
	return stateOf({ organizations: [organizationOf({ credit, timezone: ZONE })] });
}

function setOf(part: Partial<SetBudget> = {}): SetBudget {
	return {
		kind: 'set_budget',
		budgetId: 'budget-1',
		organizationId: 1,
		scope: 'user',
		subjectId: 'user-1',
		subjectName: 'Ravi',
		period: 'day',
		limitMinutes: 5,
		actor: COMMAND_LINE,
		...part
	};
}

const removeOf = (budgetId = 'budget-1'): RemoveBudget => ({
	kind: 'remove_budget',
	organizationId: 1,
	budgetId,
	actor: COMMAND_LINE
});

function capped(part: Partial<SetBudget> = {}): LaneState {
	const state = rich();
	run(state, setOf(part));
	return state;
}

const usesOf = (state: LaneState) =>
	[...state.budgetUses.values()].map(({ periodStart: start, usedMinutes, heldMinutes }) => ({
		start,
		usedMinutes,
		heldMinutes
	}));

/** Answers the call placed as `callId`, at once. */
function answer(state: LaneState, callId: string, nowMs: number): void {
	run(state, bind(`CA-${callId}`, callId), nowMs);
	const event = completedOf(0, {
		providerCallId: `CA-${callId}`,
		status: 'in_progress',
		talkSeconds: null,
		occurredAtMs: nowMs
	});
	run(state, deliveryOf(event, `answered-${callId}`), nowMs);
}

function complete(state: LaneState, callId: string, talkSeconds: number, nowMs: number): void {
	const event = completedOf(talkSeconds, {
		providerCallId: `CA-${callId}`,
		occurredAtMs: nowMs
	});
	run(state, deliveryOf(event, `completed-${callId}`), nowMs);
}

describe('a budget when a call is placed', () => {
	it('given a budget for one slice, when two calls start, then the second is refused with the numbers and the way out', () => {
		const state = capped({ limitMinutes: 3 });
		expect(run(state, placeOf()).result.kind).toBe('placed');
		const { result, changes } = run(state, placeOf({ callId: 'call-2', to: numberAt(2) }));
		expect(result).toMatchObject({
			kind: 'blocked',
			block: {
				code: 'budget_exhausted',
				message:
					'The call was not placed. Of the 3 minutes that Ravi may use today, 0 are used (3 are held by calls in progress).',
				wayOut:
					'Wait until a call in progress ends, ask your manager to raise it, or go on tomorrow.',
				numbers: { budgetMinutes: 3, usedMinutes: 0, heldMinutes: 3, leftMinutes: 0 }
			}
		});
		expect(changes.rows?.blocks?.[0]).toMatchObject({ code: 'budget_exhausted' });
	});

	it('given less budget than a slice, when a call starts, then it holds what the budget leaves and the network may not go further', () => {
		const state = capped({ limitMinutes: 2 });
		run(state, placeOf());
		const [hold] = state.openHolds.values();
		expect(hold && coveredMinutes(hold)).toBe(2);
		expect(state.calls.get('call-1')?.timeLimitSeconds).toBe(120);
	});

	it('given less budget than the length insisted on, when a call starts, then it is refused by what is left', () => {
		const { result } = run(capped({ limitMinutes: 4 }), placeOf({ estimateMinutes: 5 }));
		expect(result).toMatchObject({
			block: { message: expect.stringContaining('; 4 minutes left, 5 were asked for.') }
		});
	});

	it('given a budget of a person and one of a campaign, when a call counts in both, then the tighter one decides', () => {
		const state = capped({ limitMinutes: 50 });
		run(
			state,
			setOf({
				budgetId: 'budget-2',
				scope: 'campaign',
				subjectId: 'campaign-1',
				subjectName: 'Spring',
				period: 'month',
				limitMinutes: 1
			})
		);
		run(state, placeOf({ campaignId: 'campaign-1' }));
		expect(usesOf(state)).toEqual([
			{ start: '2026-11-21', usedMinutes: 0, heldMinutes: 1 },
			{ start: '2026-11-01', usedMinutes: 0, heldMinutes: 1 }
		]);
		const next = placeOf({ callId: 'call-2', to: numberAt(2), campaignId: 'campaign-1' });
		expect(run(state, next).result).toMatchObject({
			block: {
				title: "This month's budget is used up",
				message: expect.stringContaining('of the campaign Spring for this month')
			}
		});
		const alone = placeOf({ callId: 'call-3', to: numberAt(3) });
		expect(run(state, alone).result.kind).toBe('placed');
	});

	it('given a budget used up today, when the day of the organisation turns, then calls are placed again', () => {
		const state = capped({ limitMinutes: 3 });
		run(state, placeOf());
		const next = placeOf({ callId: 'call-2', to: numberAt(2) });
		// Kolkata's midnight is at 18:30 UTC.
		expect(run(state, next, Date.parse('2026-11-21T18:29:59Z')).result.kind).toBe('blocked');
		expect(run(state, next, Date.parse('2026-11-21T18:30:00Z')).result.kind).toBe('placed');
		expect(usesOf(state).map(({ start }) => start)).toEqual(['2026-11-21', '2026-11-22']);
	});

	it('given credit and budget both gone, when a call starts, then the budget is named: an overdraft would not help', () => {
		const credit = creditOf([], { mode: 'minutes', overdraftLimitMinutes: 100 });
		const state = stateOf({ organizations: [organizationOf({ credit })] });
		run(state, setOf({ limitMinutes: 1 }));
		run(state, placeOf({ isOverdraftAgreed: true }));
		const { result } = run(state, placeOf({ callId: 'call-2', to: numberAt(2) }));
		expect(result).toMatchObject({ block: { code: 'budget_exhausted' } });
	});
});

describe('a budget while a call talks', () => {
	it('given a budget of five, when its slice of three ends, then two are added, and then it drains for the budget', () => {
		const state = capped({ limitMinutes: 5 });
		run(state, placeOf());
		answer(state, 'call-1', NOW_MS);
		const nearEnd = NOW_MS + 3 * MINUTE_MS - 10_000;
		expect(run(state, meterOf(), nearEnd).result.kind).toBe('extended');
		expect(usesOf(state)).toEqual([{ start: '2026-11-21', usedMinutes: 0, heldMinutes: 5 }]);
		const end = NOW_MS + 5 * MINUTE_MS;
		expect(run(state, meterOf(), end - 10_000).result.kind).toBe('draining');
		expect(state.openHolds.get('call-1')).toMatchObject({ isDraining: true, drainCause: 'budget' });
		expect(run(state, meterOf(), end - 100).result.kind).toBe('cut');
	});

	it('given a call that drains for its budget, when the budget is raised, then it goes on', () => {
		const state = capped({ limitMinutes: 3 });
		run(state, placeOf());
		answer(state, 'call-1', NOW_MS);
		const nearEnd = NOW_MS + 3 * MINUTE_MS - 10_000;
		expect(run(state, meterOf(), nearEnd).result.kind).toBe('draining');
		run(state, setOf({ limitMinutes: 10 }));
		expect(run(state, meterOf(), nearEnd + 1_000).result).toMatchObject({
			kind: 'extended',
			raised: { timeLimitSeconds: 420 }
		});
		expect(state.openHolds.get('call-1')).toMatchObject({ isDraining: false, drainCause: null });
	});

	it('given a call that could not be cut in time, when it ends, then every minute counts and nothing is clipped', () => {
		const state = capped({ limitMinutes: 3 });
		run(state, placeOf());
		answer(state, 'call-1', NOW_MS);
		complete(state, 'call-1', 7 * 60 + 1, NOW_MS + 8 * MINUTE_MS);
		expect(usesOf(state)).toEqual([{ start: '2026-11-21', usedMinutes: 8, heldMinutes: 0 }]);
		const { result } = run(state, placeOf({ callId: 'call-2', to: numberAt(2) }));
		expect(result).toMatchObject({ block: { numbers: { usedMinutes: 8, leftMinutes: 0 } } });
	});
});

describe('setting and removing a budget', () => {
	it('given a budget, when it is set again, then it is one budget with the newer limit, and both are audited', () => {
		const state = capped({ limitMinutes: 5 });
		const { result, changes } = run(state, setOf({ budgetId: 'other', limitMinutes: 9 }));
		expect(result).toEqual({ kind: 'set', budgetId: 'budget-1' });
		expect(changes.rows?.audit).toMatchObject([
			{ action: 'budget.set', before: { limitMinutes: 5 }, after: { limitMinutes: 9 } }
		]);
		expect(run(state, setOf({ limitMinutes: 9 })).changes).toEqual({});
	});

	it('given a budget used up, when it is removed, then calls are placed, and the removal is no repeat', () => {
		const state = capped({ limitMinutes: 3 });
		run(state, placeOf());
		expect(run(state, removeOf()).result).toEqual({ kind: 'removed' });
		expect(run(state, removeOf()).result).toEqual({ kind: 'unknown_budget' });
		const next = placeOf({ callId: 'call-2', to: numberAt(2) });
		expect(run(state, next).result.kind).toBe('placed');
		run(state, setOf({ budgetId: 'again', limitMinutes: 3 }));
		expect(usesOf(state)).toEqual([{ start: '2026-11-21', usedMinutes: 0, heldMinutes: 6 }]);
	});

	it('given a budget of one organisation, when another removes it, then it is unknown', () => {
		const state = capped();
		expect(run(state, { ...removeOf(), organizationId: 2 }).result.kind).toBe('unknown_budget');
		expect(run(state, { ...setOf(), organizationId: 2 }).result.kind).toBe('unknown_organization');
	});
});

type Step =
	| { do: 'place'; user: number; campaign: number }
	| { do: 'answer'; call: number }
	| { do: 'meter'; call: number }
	| { do: 'end'; call: number; talkSeconds: number }
	| { do: 'set'; subject: string; period: 'day' | 'month'; limitMinutes: number }
	| { do: 'remove'; budget: number }
	| { do: 'wait'; minutes: number };

const index = fc.nat({ max: 30 });
const steps = fc.array(
	fc.oneof(
		fc.record({ do: fc.constant('place' as const), user: fc.nat(1), campaign: fc.nat(1) }),
		fc.record({ do: fc.constant('answer' as const), call: index }),
		fc.record({ do: fc.constant('meter' as const), call: index }),
		fc.record({ do: fc.constant('end' as const), call: index, talkSeconds: fc.nat(1_200) }),
		fc.record({
			do: fc.constant('set' as const),
			subject: fc.constantFrom('user-0', 'user-1', 'campaign-0', 'campaign-1'),
			period: fc.constantFrom('day' as const, 'month' as const),
			limitMinutes: fc.integer({ min: 1, max: 30 })
		}),
		fc.record({ do: fc.constant('remove' as const), budget: index }),
		fc.record({ do: fc.constant('wait' as const), minutes: fc.nat(900) })
	),
	{ maxLength: 60 }
);

/** Plays the steps on one organisation, as one batch does: nothing is read again between them. */
function play(all: Step[], afterEach: (state: LaneState, nowMs: number) => void): void {
	const state = rich();
	const callIds: string[] = [];
	let nowMs = NOW_MS;
	// Budgets are made before the first call, so that none has to be counted from the database.
	for (const subjectId of ['user-0', 'user-1', 'campaign-0', 'campaign-1']) {
		for (const period of ['day', 'month'] as const) {
			const scope = subjectId.startsWith('user') ? 'user' : 'campaign';
			run(state, setOf({ budgetId: `${subjectId}-${period}`, scope, subjectId, period }));
		}
	}
	for (const [number, step] of all.entries()) {
		const callId = 'call' in step ? (callIds[step.call % callIds.length] ?? null) : null;
		if (step.do === 'wait') nowMs += step.minutes * MINUTE_MS;
		else if (step.do === 'place') {
			const command = placeOf({
				callId: `call-${number}`,
				to: numberAt(number),
				user: { id: `user-${step.user}`, name: 'Ravi' },
				campaignId: `campaign-${step.campaign}`
			});
			if (run(state, command, nowMs).result.kind === 'placed') callIds.push(command.callId);
		} else if (step.do === 'set') run(state, setOf({ ...step, subjectId: step.subject }), nowMs);
		else if (step.do === 'remove') {
			const known = [...state.budgets.values()].flat();
			run(state, removeOf(known[step.budget % known.length]?.id), nowMs);
		} else if (callId === null) continue;
		else if (step.do === 'answer') answer(state, callId, nowMs);
		else if (step.do === 'meter') run(state, meterOf(callId), nowMs);
		else complete(state, callId, step.talkSeconds, nowMs);
		afterEach(state, nowMs);
	}
}

describe('budgets under any story', () => {
	it('given any order of calls, settings and removals, then used = billed minutes and held = open holds, per period', () => {
		fc.assert(
			fc.property(steps, (all) =>
				play(all, (state) => {
					for (const budget of [...state.budgets.values()].flat()) {
						const counted = new Map<string, { used: number; held: number }>();
						for (const call of state.calls.values()) {
							if (![call.userId, call.campaignId].includes(budget.subjectId)) continue;
							const start = periodStart(budget.period, localDay(call.initiatedAtMs, ZONE));
							const hold = state.openHolds.get(call.id);
							const before = counted.get(start) ?? { used: 0, held: 0 };
							counted.set(start, {
								used: before.used + (call.billedMinutes ?? 0),
								held: before.held + (hold ? coveredMinutes(hold) : 0)
							});
						}
						for (const [start, { used, held }] of counted) {
							expect(state.budgetUses.get(`${budget.id}:${start}`)).toMatchObject({
								usedMinutes: used,
								heldMinutes: held
							});
						}
					}
				})
			),
			{ numRuns: 150 }
		);
	});

	it('given any order, when a call is placed, then used and held together are within every budget of its own', () => {
		fc.assert(
			fc.property(steps, (all) => {
				let known = 0;
				play(all, (state) => {
					if (state.calls.size === known) return;
					known = state.calls.size;
					const call = [...state.calls.values()].at(-1);
					for (const budget of [...state.budgets.values()].flat()) {
						if (!call || ![call.userId, call.campaignId].includes(budget.subjectId)) continue;
						const start = periodStart(budget.period, call.localDay);
						const use = state.budgetUses.get(`${budget.id}:${start}`);
						const together = (use?.usedMinutes ?? 0) + (use?.heldMinutes ?? 0);
						expect(together).toBeLessThanOrEqual(budget.limitMinutes ?? Infinity);
					}
				});
			}),
			{ numRuns: 150 }
		);
	});
});
