import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ProviderGuard } from './guard';
import type { CreateCallRequest, CreateRefusal, ProviderAdapter } from './types';

const REQUEST: CreateCallRequest = {
	callId: '01a21a81-6dc6-7221-a070-d7cef3a57e7a',
	from: '+12025550199',
	to: '+12025550123',
	agentPhone: null,
	timeLimitSeconds: 180,
	isRecorded: false,
	detectsMachine: false
};
const SWITCHED_OFF: CreateRefusal = {
	kind: 'refused',
	endReason: 'organization_inactive',
	message: 'The call was not placed. Calling was switched off before it was dialled.'
};
const DEADLINE_MS = 50;

const createCall = vi.fn<ProviderAdapter['createCall']>();
let guard: ProviderGuard;

beforeEach(() => {
	createCall.mockReset().mockResolvedValue({ kind: 'accepted', providerCallId: 'CA1' });
	// One at a time, each half a second after the one before. The guard asks nothing else of it.
	const adapter = { name: 'twilio', createCall, capabilities: { callsPerSecond: 1.99 } };
	guard = new ProviderGuard(adapter as unknown as ProviderAdapter, () => 0, DEADLINE_MS);
});

/** One at once, and one right behind it that has to wait for its turn. */
async function createBehindAnother(askWhyNot: CreateCallRequest['askWhyNot']) {
	const first = guard.adapter.createCall(REQUEST);
	const second = guard.adapter.createCall({ ...REQUEST, askWhyNot });
	await first;
	return second;
}

describe('a call that waits for its turn', () => {
	it('when nothing speaks against it any more, then it is dialled', async () => {
		expect(await createBehindAnother(async () => null)).toMatchObject({ kind: 'accepted' });
		expect(createCall).toHaveBeenCalledTimes(2);
	});

	it('when it may not be dialled any more, then the provider is not asked', async () => {
		expect(await createBehindAnother(async () => SWITCHED_OFF)).toEqual(SWITCHED_OFF);
		expect(createCall).toHaveBeenCalledTimes(1);
	});

	it('when that cannot be found out, then nothing is dialled, and it is no unclear answer', async () => {
		const outcome = await createBehindAnother(() => Promise.reject(new Error('no database')));
		expect(outcome).toMatchObject({ kind: 'refused', endReason: 'provider_unavailable' });
		expect(createCall).toHaveBeenCalledTimes(1);
	});

	it('when the answer comes after it was given up, then it is not dialled late', async () => {
		let answer: (whyNot: null) => void = () => {};
		const asked = new Promise<null>((resolve) => (answer = resolve));
		expect(await createBehindAnother(() => asked)).toMatchObject({ kind: 'refused' });
		answer(null);
		await asked;
		await new Promise((resolve) => setImmediate(resolve));
		expect(createCall).toHaveBeenCalledTimes(1);
	});

	it('given no other before it, then nobody is asked', async () => {
		const askWhyNot = vi.fn(async () => SWITCHED_OFF);
		expect(await guard.adapter.createCall({ ...REQUEST, askWhyNot })).toMatchObject({
			kind: 'accepted'
		});
		expect(askWhyNot).not.toHaveBeenCalled();
	});
});
