import { describe, expect, it } from 'vitest';
import type { MetricsView } from '$lib/views';
import { createMetricsStore } from './newest-views.svelte';

function metrics(day: string, version: number): MetricsView {
	return {
		organizationId: 1,
		day,
		timezone: 'Asia/Kolkata',
		liveCalls: 0,
		total: version,
		completed: 0,
		failed: 0,
		cancelled: 0,
		talkSeconds: 0,
		billedMinutes: 0,
		version
	};
}

describe('NewestViews', () => {
	it('lays the newer of heard and loaded on top', () => {
		const store = createMetricsStore();
		store.merge(metrics('2026-11-21', 5));
		expect(store.merge(metrics('2026-11-21', 4))).toBe(false);
		expect(store.newest(metrics('2026-11-21', 3)).version).toBe(5);
		expect(store.newest(metrics('2026-11-21', 6)).version).toBe(6);
	});

	it('starts again on the next day, whatever the version', () => {
		const store = createMetricsStore();
		store.merge(metrics('2026-11-21', 50));
		expect(store.merge(metrics('2026-11-22', 1))).toBe(true);
		expect(store.newest(metrics('2026-11-21', 60)).day).toBe('2026-11-22');
	});
});
