import { describe, expect, it } from 'vitest';
import { changeOf, changeOfShare } from './change-words';

describe('changes against the period before', () => {
	it.each([
		[112, 100, 'up', '12%'],
		[50, 100, 'down', '50%'],
		[100, 100, 'same', '0%'],
		[999, 100, 'up', '899%'],
		[1_000, 100, 'up', '10×'],
		[34_257, 100, 'up', '343×'],
		[2_000_000, 1, 'up', '2,000,000×'],
		[5, 0, 'up', 'new']
	])('says %d after %d as %s %s', (now, before, direction, words) => {
		expect(changeOf(now, before)).toEqual({ direction, words });
	});

	it('says nothing of nothing', () => {
		expect(changeOf(0, 0)).toBeNull();
		expect(changeOfShare(null, 60)).toBeNull();
	});

	it('counts shares in points', () => {
		expect(changeOfShare(61.4, 60)).toEqual({ direction: 'up', words: '1.4 points' });
		expect(changeOfShare(59, 60)).toEqual({ direction: 'down', words: '1 point' });
	});
});
