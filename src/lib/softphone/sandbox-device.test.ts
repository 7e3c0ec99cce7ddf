import { describe, expect, it, vi } from 'vitest';
import { SandboxDevice, type SandboxBrowser } from './sandbox-device';
import type { SoftphoneEvent } from './types';

const SID = `CA${'0'.repeat(31)}1`;
const NOW_MS = 1_800_000_000_000;
const tokenOf = (expiresAtMs: number) =>
	`x.${Buffer.from(JSON.stringify({ exp: expiresAtMs / 1000 })).toString('base64url')}.y`;

function open(answer: () => Response = () => Response.json({ sid: SID }, { status: 201 })) {
	const asked: { url: string; body: unknown }[] = [];
	const stream: { url: string; closed: boolean } & ReturnType<SandboxBrowser['openStream']> = {
		url: '',
		closed: false,
		onmessage: null,
		onerror: null,
		close() {
			stream.closed = true;
		}
	};
	const device = new SandboxDevice({
		fetch: async (url, request) => {
			asked.push({ url: String(url), body: JSON.parse(String(request?.body)) });
			return answer();
		},
		openStream: (url) => Object.assign(stream, { url }),
		nowMs: () => NOW_MS
	});
	const heard: SoftphoneEvent[] = [];
	device.on((event) => heard.push(event));
	const say = (state: string) =>
		stream.onmessage?.call(stream as never, { data: JSON.stringify({ state }) } as MessageEvent);
	return { device, asked, stream, heard, say };
}

const call = (state: string) => ({ kind: 'call', state });

describe('given a device of the sandbox', () => {
	it('when it connects, then it follows the call until it is closed', async () => {
		const { device, asked, stream, heard, say } = open();
		const token = tokenOf(NOW_MS + 3_600_000);
		await device.register(token);
		await device.connect('call-1');
		expect(asked).toEqual([
			{ url: '/api/demo/softphone/connect', body: { token, params: { call: 'call-1' } } }
		]);
		expect(stream.url).toBe(`/api/demo/softphone/${SID}`);
		for (const state of ['ringing', 'nonsense', 'open', 'closed', 'open']) say(state);
		expect(stream.closed).toBe(true);
		expect(heard).toEqual([
			{ kind: 'registered' },
			call('connecting'),
			call('ringing'),
			call('open'),
			call('closed')
		]);
		device.destroy();
	});

	it('when it hangs up, then the sandbox is told, and the stream says the rest', async () => {
		const { device, asked, heard, say } = open();
		await device.register(tokenOf(NOW_MS + 3_600_000));
		await device.connect('call-1');
		device.mute(true);
		device.hangUp();
		expect(asked.at(-1)?.url).toBe(`/api/demo/softphone/${SID}/hang-up`);
		say('closed');
		expect(heard.slice(-2)).toEqual([{ kind: 'muted', isMuted: true }, call('closed')]);
		device.destroy();
	});

	it.each([
		['refuses the token', () => Response.json({ code: 20104 }, { status: 401 }), 20104],
		['cannot be reached', () => Promise.reject(new Error('away')) as never, 31005]
	])('when the sandbox %s, then it is told and the call is closed', async (_name, answer, code) => {
		const { device, heard } = open(answer);
		await device.register(tokenOf(NOW_MS + 3_600_000));
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
});
