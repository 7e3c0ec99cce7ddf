import { describe, expect, it } from 'vitest';
import { troubleOf } from './error-words';
import { Listeners } from './listeners';
import { openSoftphone } from './open-softphone';
import type { SoftphoneDevice, SoftphoneEvent, SoftphoneListener } from './types';

/** Keeps the tokens it was given, and says what it is told to say. */
class QuietDevice implements SoftphoneDevice {
	readonly needsMicrophone = false;
	readonly tokens: string[] = [];
	readonly #listeners = new Listeners();

	on(listener: SoftphoneListener) {
		return this.#listeners.add(listener);
	}
	async register(token: string) {
		this.tokens.push(token);
	}
	say(event: SoftphoneEvent) {
		this.#listeners.tell(event);
	}
	async connect() {}
	accept() {}
	reject() {}
	hangUp() {}
	mute() {}
	sendDigits() {}
	destroy() {}
}

async function open() {
	const device = new QuietDevice();
	let given = 0;
	await openSoftphone({
		fetchToken: async () => ({
			device: 'sandbox',
			token: `token-${++given}`,
			identity: 'user_1',
			lifetimeSeconds: 3_600
		}),
		openDevice: () => device
	});
	return device;
}

const trouble = (code: number): SoftphoneEvent => ({ kind: 'trouble', trouble: troubleOf(code) });

describe('given a softphone', () => {
	it('when its token runs out, then it has a new one before', async () => {
		const device = await open();
		device.say({ kind: 'token_expiring' });
		await expect.poll(() => device.tokens).toEqual(['token-1', 'token-2']);
	});

	it('when its token is refused, then it tries one new one, and not for ever', async () => {
		const device = await open();
		device.say(trouble(20104));
		await expect.poll(() => device.tokens).toEqual(['token-1', 'token-2']);
		device.say(trouble(20101));
		device.say(trouble(31005));
		expect(device.tokens).toHaveLength(2);
		device.say({ kind: 'registered' });
		device.say(trouble(20104));
		await expect.poll(() => device.tokens).toHaveLength(3);
	});

	it('when there is no token, then that is what opening it throws', async () => {
		const refused = openSoftphone({ fetchToken: () => Promise.reject(new Error('not set up')) });
		await expect(refused).rejects.toThrow('not set up');
	});
});
