import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FeedItem, MinutesView } from '$lib/views';
import { FALLBACK_AFTER_MS, GROUP_MS, LiveFeed, POLL_EVERY_MS } from './live-feed.svelte';
import type { FeedListener } from './live-feed.svelte';

const minutes: MinutesView = {
	organizationId: 1,
	organizationName: 'Asha Travels',
	isActive: true,
	totalMinutes: 10,
	usedMinutes: 0,
	heldMinutes: 0,
	remainingMinutes: 10,
	debtMinutes: 0,
	liveCalls: 0,
	version: 1
};

function event(seq: number, organizationId = 1): FeedItem {
	return { organizationId, seq, name: 'minutes:updated', payload: { ...minutes, version: seq } };
}

function given() {
	const opened: { cursor: string | null; listener: FeedListener; isClosed: boolean }[] = [];
	const reload = vi.fn(() => Promise.resolve());
	const feed = new LiveFeed({
		reload,
		open: (cursor, listener) => {
			const connection = { cursor, listener, isClosed: false };
			opened.push(connection);
			return () => {
				connection.isClosed = true;
				// tRPC completes a subscription that is being closed.
				listener.onEnd();
			};
		}
	});
	const heard: number[] = [];
	feed.on('minutes:updated', (view) => heard.push(view.version));
	return { feed, opened, reload, heard, connection: () => opened.at(-1) };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('LiveFeed', () => {
	it('starts at the cursor of the page and is live once connected', () => {
		const { feed, connection } = given();
		feed.start('s7');
		expect(connection()?.cursor).toBe('s7');
		expect(feed.state).toBe('connecting');
		connection()?.listener.onOpen();
		expect(feed.state).toBe('live');
	});

	it('tells every event once, in order, also when a resume brings it again', () => {
		const { feed, connection, heard } = given();
		feed.start(null);
		for (const seq of [1, 2, 2, 1, 3]) connection()?.listener.onItem(`s${seq}`, event(seq));
		connection()?.listener.onItem('s1', event(1, 2));
		vi.advanceTimersByTime(GROUP_MS);
		expect(heard).toEqual([1, 2, 3, 1]);
	});

	it('goes on after the last item when it was turned off and on', () => {
		const { feed, opened, connection } = given();
		feed.start('s1');
		connection()?.listener.onItem('s2', event(2));
		feed.turnOff();
		expect(feed.state).toBe('off');
		vi.advanceTimersByTime(POLL_EVERY_MS * 2);
		expect(opened).toHaveLength(1);
		expect(opened[0]?.isClosed).toBe(true);
		feed.turnOn();
		expect(connection()?.cursor).toBe('s2');
	});

	it('hears nothing from a connection that was closed', () => {
		const { feed, opened, heard } = given();
		feed.start(null);
		feed.turnOff();
		opened[0]?.listener.onItem('s9', event(9));
		vi.advanceTimersByTime(GROUP_MS);
		expect(heard).toEqual([]);
	});

	it('connects again when the subscription ends', () => {
		const { feed, opened, connection } = given();
		feed.start(null);
		connection()?.listener.onOpen();
		connection()?.listener.onItem('s5', event(5));
		connection()?.listener.onEnd();
		expect(feed.state).toBe('connecting');
		vi.advanceTimersByTime(1_000);
		expect(opened).toHaveLength(2);
		expect(connection()?.cursor).toBe('s5');
	});

	it('polls when no connection is had, keeps trying, and stops polling once it is live', () => {
		const { feed, opened, connection, reload } = given();
		feed.start(null);
		vi.advanceTimersByTime(FALLBACK_AFTER_MS);
		expect(feed.state).toBe('polling');
		expect(reload).toHaveBeenCalledTimes(1);
		vi.advanceTimersByTime(POLL_EVERY_MS);
		expect(reload).toHaveBeenCalledTimes(2);
		expect(opened.length).toBeGreaterThan(1);
		connection()?.listener.onOpen();
		expect(feed.state).toBe('live');
		vi.advanceTimersByTime(POLL_EVERY_MS * 3);
		expect(reload).toHaveBeenCalledTimes(2);
	});

	it('loads the page anew when too much was missed, and then takes what comes', () => {
		const { feed, connection, reload, heard } = given();
		feed.start(null);
		connection()?.listener.onItem('s9', event(9));
		connection()?.listener.onItem('s1', { name: 'resync' });
		connection()?.listener.onItem('s2', event(2));
		vi.advanceTimersByTime(GROUP_MS);
		expect(reload).toHaveBeenCalledTimes(1);
		expect(heard).toEqual([9, 2]);
	});

	it('tells nobody who has stopped hearing', () => {
		const { feed, connection } = given();
		const handler = vi.fn();
		feed.on('minutes:updated', handler)();
		feed.start(null);
		connection()?.listener.onItem('s1', event(1));
		vi.advanceTimersByTime(GROUP_MS);
		expect(handler).not.toHaveBeenCalled();
	});
});
