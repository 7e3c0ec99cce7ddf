import { TRPCClientError } from '@trpc/client';
import { describe, expect, it, vi } from 'vitest';
import type { TalktimeClient } from '$lib/trpc/client';
import { AllocationForm } from './allocation-form.svelte';
import { CallPlacer } from './call-placer.svelte';
import { ServerClock } from './server-clock.svelte';
import { TopUps } from './top-ups.svelte';

interface Sent {
	requestId?: string;
	attemptId?: string;
}
type Answer = (input: Sent) => Promise<unknown>;

/** A client of which only the mutations under test are ever called. */
function clientAnswering(answer: Answer): TalktimeClient {
	const mutation = { mutate: answer };
	const client: unknown = {
		calls: { place: mutation },
		wallet: { startTopUp: mutation },
		admin: { minutes: { grant: mutation } }
	};
	return client as TalktimeClient;
}

function lostAnswer(): Error {
	return TRPCClientError.from(new TypeError('Failed to fetch'));
}

function refused(code: string, fields: Record<string, string> = {}): Error {
	return TRPCClientError.from({
		error: { code: -32_000, message: 'Refused.', data: { code, fields } }
	});
}

/** Answers in turn, and keeps the request id of every asking. */
function answering(...answers: (Error | object)[]) {
	const requestIds: string[] = [];
	const answer: Answer = ({ requestId, attemptId }) => {
		requestIds.push(requestId ?? attemptId ?? '');
		const next = answers.shift();
		return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
	};
	return { requestIds, client: clientAnswering(answer) };
}

function givenPlacer(client: TalktimeClient) {
	const heard = { onPlaced: vi.fn(), onBusy: vi.fn(), onRefused: vi.fn() };
	return {
		heard,
		placer: new CallPlacer({
			client,
			clock: new ServerClock(Date.now()),
			chooseDevice: async () => 'browser',
			...heard
		})
	};
}

describe('placing a call', () => {
	it('repeats the same request after a lost answer and asks anew after a known one', async () => {
		const { client, requestIds } = answering(
			lostAnswer(),
			refused('INTERNAL_SERVER_ERROR'),
			{ placed: true, call: { id: 'call-1' } },
			{ placed: true, call: { id: 'call-2' } }
		);
		const { placer, heard } = givenPlacer(client);
		for (let time = 0; time < 4; time += 1) await placer.place('contact-1');
		const [first, second, third, fourth] = requestIds;
		expect([second, third]).toEqual([first, first]);
		expect(fourth).not.toBe(first);
		expect(heard.onRefused).toHaveBeenCalledTimes(2);
		expect(heard.onPlaced).toHaveBeenCalledTimes(2);
	});

	it('explains a block in a dialog, but only mentions a number that is being called', async () => {
		const { client } = answering(
			{ placed: false, block: { code: 'already_calling' } },
			{ placed: false, block: { code: 'minutes_exhausted' } }
		);
		const { placer, heard } = givenPlacer(client);
		await placer.place('contact-1');
		expect(heard.onBusy).toHaveBeenCalledTimes(1);
		expect(placer.block).toBeNull();
		await placer.place('contact-1');
		expect(placer.block?.code).toBe('minutes_exhausted');
	});
});

describe('calling on the overdraft', () => {
	it('asks anew, with the agreement, only when the dialog is confirmed', async () => {
		const { client, requestIds } = answering(
			{ placed: false, block: { code: 'overdraft_unconfirmed' } },
			{ placed: true, call: { id: 'call-1' } }
		);
		const { placer, heard } = givenPlacer(client);
		await placer.place('contact-1');
		expect(placer.block?.code).toBe('overdraft_unconfirmed');
		await placer.confirmOverdraft();
		expect(requestIds[1]).not.toBe(requestIds[0]);
		expect(heard.onPlaced).toHaveBeenCalledTimes(1);
		expect(placer.block).toBeNull();
	});
});

describe('allocating minutes', () => {
	function filled(client: TalktimeClient) {
		const form = new AllocationForm(client, [7]);
		form.amount = '1,000';
		form.reason = 'November package';
		return form;
	}

	it('allocates once however often a lost answer makes one ask', async () => {
		const { client, requestIds } = answering(lostAnswer(), [{ organizationId: 7 }]);
		const form = filled(client);
		expect(await form.send()).toBeNull();
		expect(form.problem).toContain('could not be reached');
		expect(form.isUndecided).toBe(true);
		expect(await form.send()).toMatchObject({
			kind: 'granted',
			grants: [{ organizationId: 7 }]
		});
		expect(requestIds[1]).toBe(requestIds[0]);
	});

	it('shows what the server refused beside its field until the field changes', async () => {
		const { client } = answering(refused('UNPROCESSABLE_CONTENT', { reason: 'Say more.' }));
		const form = filled(client);
		await form.send();
		expect(form.errors).toEqual({ reason: 'Say more.' });
		expect(form.problem).toBeNull();
		form.reason = 'November package, invoice 2041';
		expect(form.errors).toEqual({});
	});

	it.each(['', '0', '-5', '1.5', '1000001', 'ten'])(
		'does not send "%s" minutes',
		async (amount) => {
			const { client, requestIds } = answering();
			const form = filled(client);
			form.amount = amount;
			expect(await form.send()).toBeNull();
			expect(Object.keys(form.errors)).toEqual(['minutes']);
			expect(requestIds).toEqual([]);
		}
	);
});

describe('adding funds', () => {
	it('opens the page of one attempt however often a lost answer makes one ask, and the next is another', async () => {
		const { client, requestIds } = answering(
			lostAnswer(),
			refused('BAD_GATEWAY'),
			{ url: 'https://pay.example/1' },
			{ url: 'https://pay.example/2' }
		);
		const topUps = new TopUps(client);
		expect(await topUps.start(50)).toBeNull();
		expect(topUps.problem).toContain('could not be reached');
		expect(topUps.opening).toBeNull();
		await topUps.start(50);
		expect(await topUps.start(50)).toBe('https://pay.example/1');
		expect(topUps.problem).toBeNull();
		expect(await topUps.start(50)).toBeNull();
		topUps.forget();
		expect(await topUps.start(50)).toBe('https://pay.example/2');
		const [first, second, third, fourth] = requestIds;
		expect([second, third]).toEqual([first, first]);
		expect(fourth).not.toBe(first);
		expect(requestIds).toHaveLength(4);
	});

	it('starts a new attempt when the old one is over', async () => {
		const { client, requestIds } = answering(refused('CONFLICT'), { url: 'https://pay.example/3' });
		const topUps = new TopUps(client);
		await topUps.start(100);
		await topUps.start(100);
		expect(requestIds[1]).not.toBe(requestIds[0]);
	});
});
