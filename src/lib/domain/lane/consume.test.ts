import { expect, it } from 'vitest';
import { consumeOf, getOrganization, run, stateOf } from '../../../../tests/fixtures/lane';

it('given minutes an integration used, when they are told again, then the answer is the same and nothing is taken twice', () => {
	const state = stateOf();
	const answer = { kind: 'consumed', minutes: 10, shortMinutes: 2, remainingMinutes: 0 };
	const first = run(state, consumeOf({ minutes: 12 }));
	expect(first.result).toEqual({ ...answer, repeated: false });
	const again = run(state, consumeOf({ minutes: 12 }));
	expect(again).toEqual({ result: { ...answer, repeated: true }, changes: {} });
	expect(getOrganization(state).credit).toMatchObject({ usedMinutes: 10, debtMinutes: 0 });
});
