import { expect, it } from 'vitest';
import { callOf, holdOf, NOW_MS } from '../../../../tests/fixtures/lane';
import { coveredUntilMs, meterAtMs } from './slices';

it.each([
	['goes on', false],
	['drains', true]
])(
	'given a call that only rings and %s, then nothing of it is used up and nothing is looked at',
	(_what, isDraining) => {
		const hold = holdOf({ isDraining });
		expect(coveredUntilMs(callOf(), hold)).toBeNull();
		expect(meterAtMs(callOf(), hold, NOW_MS)).toBeNull();
	}
);
