import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { Listeners } from '$lib/softphone/listeners';
import type { SoftphoneDevice, SoftphoneEvent, SoftphoneListener } from '$lib/softphone/types';
import type { TalktimeClient } from '$lib/trpc/client';
import { Phone } from './phone.svelte';

/** Keeps what it was told, and says what it is told to say. */
class TestDevice implements SoftphoneDevice {
	readonly did: string[] = [];
	readonly #listeners = new Listeners();

	constructor(readonly needsMicrophone = false) {}

	on(listener: SoftphoneListener) {
		return this.#listeners.add(listener);
	}
	say(event: SoftphoneEvent) {
		this.#listeners.tell(event);
	}
	async register() {
		this.say({ kind: 'registered' });
	}
	async connect(callId: string) {
		this.did.push(`connect ${callId}`);
		this.say({ kind: 'call', state: 'connecting' });
	}
	accept() {
		this.did.push('accept');
		this.say({ kind: 'call', state: 'open' });
	}
	reject() {
		this.did.push('reject');
	}
	hangUp() {
		this.say({ kind: 'call', state: 'closed' });
	}
	mute(isMuted: boolean) {
		this.say({ kind: 'muted', isMuted });
	}
	sendDigits(digits: string) {
		this.did.push(digits);
	}
	destroy() {
		this.did.push('destroy');
	}
}

const TOKEN = { device: 'sandbox', token: 'a token', identity: 'user_1', lifetimeSeconds: 3_600 };

function givenPhone(
	device = new TestDevice(),
	answerToken: () => Promise<object> = () => Promise.resolve(TOKEN)
) {
	const troubles: string[] = [];
	// The phone asks for nothing but tokens.
	const client = { calls: { deviceToken: { query: answerToken } } } as unknown as TalktimeClient;
	const phone = new Phone({
		client,
		now: () => '2026-11-25T12:00:00.000Z',
		onTrouble: ({ sentence }) => troubles.push(sentence),
		onIncoming: () => {},
		isOver: (callId) => callId.startsWith('ended'),
		openDevice: () => device,
		browser: null
	});
	return { phone, device, troubles };
}

const refusal = (code: string) =>
	TRPCClientError.from({ error: { code: -32_000, message: 'Refused.', data: { code } } });

describe('given a phone in the browser', () => {
	it('when a call is made, then it is connected, muted, sent tones and over', async () => {
		const { phone, device } = givenPhone();
		expect(await phone.prepare()).toBe('browser');
		await phone.connect('call-1');
		expect([phone.callId, phone.isInCall]).toEqual(['call-1', true]);
		phone.sendDigits('1');
		device.say({ kind: 'call', state: 'open' });
		phone.sendDigits('2');
		phone.mute();
		expect(phone.isMuted).toBe(true);
		phone.hangUp();
		expect([phone.callId, phone.lastCallId, phone.isMuted]).toEqual([null, 'call-1', false]);
		expect(device.did).toEqual(['connect call-1', '2']);
	});

	it('when a call is talked already, then no second one is made, and why is said', async () => {
		const { phone, troubles } = givenPhone();
		await phone.prepare();
		await phone.connect('call-1');
		expect(await phone.prepare()).toBeNull();
		expect(troubles).toEqual([expect.stringContaining('you are on a call already')]);
	});

	it('when a call has ended whose sound was not told so yet, then the next one is made once it is', async () => {
		const { phone, troubles } = givenPhone();
		await phone.prepare();
		await phone.connect('ended-1');
		expect(await phone.prepare()).toBe('browser');
		expect([phone.isInCall, phone.lastCallId, troubles]).toEqual([false, 'ended-1', []]);
	});

	it('when its microphone cannot be had, then no call is made, and why is said', async () => {
		const { phone, troubles } = givenPhone(new TestDevice(true));
		expect(await phone.prepare()).toBeNull();
		expect(troubles).toEqual([expect.stringContaining('the microphone could not be used')]);
	});

	it('when nobody calls from the browser here, then calls are made by phone', async () => {
		const { phone } = givenPhone(undefined, () => Promise.reject(refusal('conflict')));
		expect(await phone.prepare()).toBe('phone');
		expect(phone.state).toBe('not_set_up');
	});

	it('when it cannot be opened, then no call is made, and the next one tries again', async () => {
		let tries = 0;
		const { phone, troubles } = givenPhone(undefined, () =>
			tries++ === 0 ? Promise.reject(refusal('UNAVAILABLE')) : Promise.resolve(TOKEN)
		);
		expect(await phone.prepare()).toBeNull();
		expect(phone.state).toBe('broken');
		expect(troubles).toEqual([expect.stringContaining('could not be opened')]);
		expect(await phone.prepare()).toBe('browser');
	});
});

describe('given somebody who calls in', () => {
	const incoming = { kind: 'incoming', from: '+12025550161' } as const;

	it('when the call is taken, then it is talked until it is closed', async () => {
		const { phone, device } = givenPhone();
		await phone.prepare();
		device.say(incoming);
		expect(phone.ringing).toBe('+12025550161');
		await phone.accept();
		expect([phone.ringing, phone.inbound?.from, phone.isInCall]).toEqual([
			null,
			'+12025550161',
			true
		]);
		phone.hangUp();
		expect(phone.inbound).toBeNull();
	});

	it('when it is refused, given up or comes during a call, then nothing rings any longer', async () => {
		const { phone, device } = givenPhone();
		await phone.prepare();
		device.say(incoming);
		phone.reject();
		expect(phone.ringing).toBeNull();
		device.say(incoming);
		device.say({ kind: 'incoming_over' });
		expect(phone.ringing).toBeNull();
		await phone.connect('call-1');
		device.say(incoming);
		expect(phone.ringing).toBeNull();
		expect(device.did).toEqual(['reject', 'connect call-1', 'reject']);
	});
});
