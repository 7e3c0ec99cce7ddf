import { describe, expect, it } from 'vitest';
import type { CallView } from '$lib/views';
import { CallStore } from './call-store.svelte';

function call(id: string, version: number, changes: Partial<CallView> = {}): CallView {
	return {
		id,
		organizationId: 1,
		organizationName: 'Asha Travels',
		contactId: 'contact-1',
		contactName: 'Priya Nair',
		userId: 'user-1',
		userName: 'Arjun Kapoor',
		provider: 'twilio',
		providerCallId: null,
		device: 'browser',
		to: '+12025550161',
		status: 'ringing',
		endReason: null,
		initiatedAt: `2026-11-21T10:00:0${id}.000Z`,
		ringingAt: null,
		answeredAt: null,
		endedAt: null,
		answeredBy: null,
		durationSeconds: null,
		billedMinutes: null,
		cost: null,
		coveredUntil: null,
		isDraining: false,
		drainCause: null,
		version,
		...changes
	};
}

describe('CallStore', () => {
	it('keeps the newer version, in whatever order they come', () => {
		const calls = new CallStore();
		expect(calls.merge(call('1', 3, { status: 'completed' }))).toBe(true);
		expect(calls.merge(call('1', 2))).toBe(false);
		expect(calls.find('1')?.status).toBe('completed');
	});

	it('shows what the page loaded when that is newer', () => {
		const calls = new CallStore();
		calls.merge(call('1', 2));
		expect(calls.newest(call('1', 5)).version).toBe(5);
		expect(calls.newestTo('contact-1', call('1', 5))?.version).toBe(5);
	});

	it('lays calls heard of over the loaded ones, newest first', () => {
		const calls = new CallStore();
		calls.merge(call('3', 1));
		calls.merge(call('1', 9, { status: 'completed' }));
		const recent = calls.recent([call('2', 1), call('1', 1)], 2);
		expect(recent.map(({ id, version }) => [id, version])).toEqual([
			['3', 1],
			['2', 1]
		]);
	});

	it('finds the newest call to a contact', () => {
		const calls = new CallStore();
		calls.merge(call('2', 1));
		expect(calls.newestTo('contact-1', call('1', 4, { status: 'completed' }))?.id).toBe('2');
		expect(calls.newestTo('contact-1', call('3', 1))?.id).toBe('3');
		expect(calls.newestTo('contact-9', null)).toBeNull();
	});

	it('lists live calls only, the longest first', () => {
		const calls = new CallStore();
		calls.merge(call('2', 1));
		calls.merge(call('1', 1));
		calls.merge(call('3', 2, { status: 'failed' }));
		expect(calls.live().map(({ id }) => id)).toEqual(['1', '2']);
	});
});
