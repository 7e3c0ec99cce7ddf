import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SandboxDevice } from './sandbox-device';
import type { SoftphoneEvent } from './types';

const SID = `CA${'0'.repeat(31)}1`;
const NOW_MS = 1_800_000_000_000;
const tokenOf = (expiresAtMs: number) =>
	`x.${Buffer.from(JSON.stringify({ exp: expiresAtMs / 1000 })).toString('base64url')}.y`;

const leg = (state: string, version = 1, error: object | null = null) =>
	Response.json({ callSid: SID, state, version, error });

const never = () => new Promise<Response>(() => {});
/** Answers to who calls in, one after the other. */
let incoming: (() => Response)[] = [];
beforeEach(() => (incoming = []));

/** A device whose sandbox gives these answers, one after the other, and then none. */
function open(...answers: (() => Response | Promise<Response>)[]) {
	const asked: { path: string; body: unknown; token: string | null }[] = [];
	const device = new SandboxDevice({
		fetch: async (url, request) => {
			// Nobody calls in, unless a test says so.
			if (String(url).endsWith('/incoming')) return incoming.shift()?.() ?? never();
			asked.push({
				path: String(url).replace('/api/demo/softphone/', ''),
				body: request?.body ? JSON.parse(String(request.body)) : null,
				token: new Headers(request?.headers).get('x-softphone-token')
			});
			return answers.shift()?.() ?? never();
		},
		nowMs: () => NOW_MS,
		wait: () => new Promise(() => {})
	});
	const heard: SoftphoneEvent[] = [];
	device.on((event) => heard.push(event));
	return { device, asked, heard };
}

const call = (state: string) => ({ kind: 'call', state });
const TOKEN = tokenOf(NOW_MS + 3_600_000);

describe('given a device of the sandbox', () => {
	it('when it connects, then it follows the call until it is closed', async () => {
		const { device, asked, heard } = open(
			() => leg('connecting'),
			() => leg('ringing', 2),
			() => leg('ringing', 2),
			() => leg('nonsense', 3),
			() => leg('open', 4),
			() => leg('closed', 5)
		);
		await device.register(TOKEN);
		await device.connect('call-1');
		await expect.poll(() => heard.at(-1)).toEqual(call('closed'));
		expect(heard).toEqual([
			{ kind: 'registered' },
			call('connecting'),
			call('ringing'),
			call('open'),
			call('closed')
		]);
		expect(asked[0]).toEqual({
			path: 'connect',
			body: { params: { call: 'call-1' } },
			token: TOKEN
		});
		expect(asked.slice(1).map(({ path }) => path)).toEqual(
			[1, 2, 2, 3, 4].map((version) => `${SID}?after=${version}`)
		);
		device.destroy();
	});

	it('when it hangs up, then the sandbox is told, and the news say the rest', async () => {
		let say: (answer: Response) => void = () => {};
		const news = new Promise<Response>((resolve) => (say = resolve));
		const { device, asked, heard } = open(
			() => leg('open'),
			() => news,
			() => leg('closed', 2)
		);
		await device.register(TOKEN);
		await device.connect('call-1');
		device.mute(true);
		device.hangUp();
		expect(asked.at(-1)?.path).toBe(`${SID}/hang-up`);
		say(leg('closed', 2));
		await expect.poll(() => heard.at(-1)).toEqual(call('closed'));
		expect(heard.at(-2)).toEqual({ kind: 'muted', isMuted: true });
		device.destroy();
	});

	it.each([
		['refuses the token', () => Response.json({ error: { code: 20104 } }, { status: 401 }), 20104],
		['cannot be reached', () => Promise.reject(new Error('away')), 31005]
	])('when the sandbox %s, then it is told and the call is closed', async (_name, answer, code) => {
		const { device, heard } = open(answer);
		await device.register(TOKEN);
		await device.connect('call-1');
		expect(heard.slice(-2)).toMatchObject([{ kind: 'trouble', trouble: { code } }, call('closed')]);
		device.destroy();
	});

	it('when its token is about to run out, then it says so', async () => {
		vi.useFakeTimers();
		const { device, heard } = open();
		await device.register(tokenOf(NOW_MS + 60_000));
		vi.advanceTimersByTime(49_999);
		expect(heard).toEqual([{ kind: 'registered' }]);
		vi.advanceTimersByTime(1);
		expect(heard.at(-1)).toEqual({ kind: 'token_expiring' });
		device.destroy();
		vi.useRealTimers();
	});

	const ringing = () =>
		Response.json({
			calls: [{ callSid: SID, state: 'ringing', version: 1, from: '+12025550161' }]
		});

	it('when somebody calls in and is taken, then it is a call until it is closed', async () => {
		let say: (answer: Response) => void = () => {};
		incoming = [ringing];
		const { device, asked, heard } = open(
			() => new Promise((resolve) => (say = resolve)),
			() => leg('open', 2),
			() => leg('closed', 3)
		);
		await device.register(TOKEN);
		await expect.poll(() => heard.at(-1)).toEqual({ kind: 'incoming', from: '+12025550161' });
		device.accept();
		await expect.poll(() => heard.at(-1)).toEqual(call('closed'));
		expect(heard.slice(-3)).toEqual([call('connecting'), call('open'), call('closed')]);
		expect(asked.map(({ path }) => path)).toEqual([
			`${SID}?after=1`,
			`${SID}/accept`,
			`${SID}?after=2`
		]);
		say(leg('open', 2));
		device.destroy();
	});

	it('when whoever calls gives up, then it rings no longer, and taking it does nothing', async () => {
		incoming = [ringing];
		const { device, asked, heard } = open(() => leg('closed', 2));
		await device.register(TOKEN);
		await expect.poll(() => heard.at(-1)).toEqual({ kind: 'incoming_over' });
		device.accept();
		expect(asked).toHaveLength(1);
		device.destroy();
	});
});
