import { describe, expect, it } from 'vitest';
import { PhoneLease, type LeaseBrowser } from './phone-lease.svelte';

/** A browser with tabs: its locks, as the standard has them, and a channel between its tabs. */
class TestBrowser {
	#holder: { steal: (error: Error) => void } | null = null;
	#queue: (() => void)[] = [];
	#channels: LeaseBrowser['channel'][] = [];
	isDeaf = false;

	tab(): LeaseBrowser {
		const channels = this.#channels;
		const channel: LeaseBrowser['channel'] = {
			onmessage: null,
			postMessage: (data) => {
				const others = channels.filter((one) => one !== channel && !this.isDeaf);
				queueMicrotask(() => others.forEach((one) => hand(one, data)));
			},
			close: () => void channels.splice(channels.indexOf(channel), 1)
		};
		channels.push(channel);
		const request = (_name: string, options: LockOptions, work: (lock: Lock | null) => unknown) =>
			this.#request(options, work);
		return { channel, locks: { request: request as LockManager['request'] } };
	}

	async #request(options: LockOptions, work: (lock: Lock | null) => unknown): Promise<unknown> {
		if (this.#holder && options.ifAvailable) return work(null);
		if (this.#holder && options.steal) this.#holder.steal(new DOMException('', 'AbortError'));
		else if (this.#holder) await new Promise<void>((resolve) => this.#queue.push(resolve));
		return new Promise((resolve, reject) => {
			const holder = { steal: reject };
			this.#holder = holder;
			void Promise.resolve(work({ name: 'phone', mode: 'exclusive' })).then((done) => {
				resolve(done);
				if (this.#holder !== holder) return;
				this.#holder = null;
				this.#queue.shift()?.();
			});
		});
	}
}

function hand(channel: LeaseBrowser['channel'], data: unknown): void {
	channel.onmessage?.call(channel as BroadcastChannel, new MessageEvent('message', { data }));
}

function openTab(browser: TestBrowser, isBusy = () => false) {
	const told: string[] = [];
	const lease = new PhoneLease({
		browser: browser.tab(),
		isBusy,
		onGained: () => told.push('gained'),
		onLost: () => told.push('lost')
	});
	return { lease, told };
}

describe('given two tabs', () => {
	it('when both want to be the phone, then the first is, and the second when the first has gone', async () => {
		const browser = new TestBrowser();
		const [first, second] = [openTab(browser), openTab(browser)];
		await first.lease.claim();
		await second.lease.claim();
		expect([first.lease.state, second.lease.state]).toEqual(['held', 'elsewhere']);
		first.lease.close();
		await expect.poll(() => second.told).toEqual(['gained']);
		expect(first.told).toEqual(['gained']);
	});

	it('when the second asks, then it is the phone, and the first knows', async () => {
		const browser = new TestBrowser();
		const [first, second] = [openTab(browser), openTab(browser)];
		await first.lease.claim();
		await second.lease.claim();
		expect(await second.lease.takeOver()).toBe(true);
		expect([first.lease.state, second.lease.state]).toEqual(['elsewhere', 'held']);
		expect(first.told).toEqual(['gained', 'lost']);
		expect(await first.lease.takeOver()).toBe(true);
		expect([first.lease.state, second.lease.state]).toEqual(['held', 'elsewhere']);
	});

	it('when the first is on a call, then it stays the phone', async () => {
		const browser = new TestBrowser();
		const [first, second] = [openTab(browser, () => true), openTab(browser)];
		await first.lease.claim();
		await second.lease.claim();
		expect(await second.lease.takeOver()).toBe(false);
		expect([first.lease.state, second.lease.state]).toEqual(['held', 'elsewhere']);
	});

	it('when the first is frozen, then it is the phone no longer', async () => {
		const browser = new TestBrowser();
		const [first, second] = [openTab(browser, () => true), openTab(browser)];
		await first.lease.claim();
		browser.isDeaf = true;
		expect(await second.lease.takeOver()).toBe(true);
		expect(first.lease.state).toBe('elsewhere');
	});
});

describe('given a browser without locks', () => {
	it('when a tab wants to be the phone, then it is', async () => {
		const lease = new PhoneLease({
			browser: null,
			isBusy: () => false,
			onGained: () => {},
			onLost: () => {}
		});
		await lease.claim();
		expect(lease.state).toBe('held');
	});
});
