/**
 * Phone company and Stripe hang: they take requests and answer none. Whoever asks for something of theirs is
 * answered within the limit, callbacks are applied as ever, and what is left unclear is settled afterwards.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../simulation/random';
import type { FaultReport } from './fault-report';
import { startFaultStack, type FaultStack } from './fault-stack';
import { FaultLoad } from './load';
import { measureRecovery } from './recovery';

const PROVIDER_TIMEOUT_SECONDS = 2;
/** Of a request that waits for a provider: its limit twice, and some work. */
const ANSWER_MS_MAX = 2 * PROVIDER_TIMEOUT_SECONDS * 1000 + 3_000;
/** Of a callback, which waits for nobody. */
const CALLBACK_MS_MAX = 1_500;
const RUN_MS = 1_500;
const HANG_MS = 8_000;
const BETWEEN_MS = 100;

export interface HangReport extends FaultReport {
	/** The longest that callbacks took while others hung. */
	callbackMaxMs: number;
	/** How a top-up was answered meanwhile. */
	refill: { status: number; code: string; ms: number };
}

export async function runHanging(
	seed: number,
	onProgress: (line: string) => void
): Promise<HangReport> {
	const random = new Random(seed);
	onProgress('hanging: starting PostgreSQL and the app');
	const env = { PROVIDER_TIMEOUT_SECONDS: String(PROVIDER_TIMEOUT_SECONDS) };
	const stack = await startFaultStack({ random: random.fork(1), env });
	try {
		return await runWith(stack, random, seed, onProgress);
	} finally {
		await stack.stop();
	}
}

async function runWith(
	stack: FaultStack,
	random: Random,
	seed: number,
	onProgress: (line: string) => void
): Promise<HangReport> {
	const { app, carrier } = stack;
	const load = await FaultLoad.onStack(stack, random);
	try {
		load.start();
		await pause(RUN_MS);
		carrier.isHanging = true;
		onProgress('phone company and Stripe hang');
		const [callbackMaxMs, refill] = await Promise.all([
			probeFor(HANG_MS, load),
			refillOnce(app.address, load.payers[0]?.token ?? '')
		]);
		carrier.isHanging = false;
		const endedAtMs = performance.now();
		const recoveryMs = await measureRecovery(endedAtMs, app.address, load.sender);
		load.report.addCycle({ kind: 'hang', recoveryMs: recoveryMs ?? Infinity });
		await load.stop();
		onProgress('waiting for what was left unclear to be settled');
		await load.settle(true);
		load.report.addFindings({ wrong: [...listSlow(callbackMaxMs, refill), ...app.falls] });
		const report = await load.audit('hanging providers', seed, true);
		return { ...report, callbackMaxMs, refill };
	} finally {
		await load.close();
	}
}

/** Posts callbacks one after the other for a while. @returns the longest that one took */
async function probeFor(ms: number, { sender }: FaultLoad): Promise<number> {
	const untilMs = performance.now() + ms;
	let longestMs = 0;
	while (performance.now() < untilMs) {
		const sentAtMs = performance.now();
		const isStored = await sender.probe(ms);
		longestMs = Math.max(longestMs, isStored ? performance.now() - sentAtMs : Infinity);
		await pause(BETWEEN_MS);
	}
	return Math.round(longestMs);
}

async function refillOnce(address: string, token: string): Promise<HangReport['refill']> {
	const askedAtMs = performance.now();
	const answer = await fetch(`${address}/api/balance/refill`, {
		method: 'POST',
		headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
		body: JSON.stringify({ amount: 50 })
	});
	const text = await answer.text();
	const code = /"code":"(\w+)"/.exec(text)?.[1] ?? text.slice(0, 80);
	return { status: answer.status, code, ms: Math.round(performance.now() - askedAtMs) };
}

function listSlow(callbackMaxMs: number, { status, code, ms }: HangReport['refill']): string[] {
	const slow: string[] = [];
	if (callbackMaxMs > CALLBACK_MS_MAX) slow.push(`a callback took ${callbackMaxMs} ms meanwhile`);
	if (ms > ANSWER_MS_MAX) slow.push(`the top-up was answered after ${ms} ms`);
	if (status < 400 || code === 'internal') slow.push(`the top-up was answered ${status} ${code}`);
	return slow;
}
