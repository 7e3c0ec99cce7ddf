/** How long until the app is ready and stores a callback again. */
import { setTimeout as pause } from 'node:timers/promises';
import type { CallbackSender } from './callback-sender';

/** More than this is a breach. */
export const RECOVERY_MS_MAX = 5_000;
/** After so long nobody waits any more. */
const GIVE_UP_MS = 30_000;
const TRY_MS = 2_000;
const BETWEEN_MS = 25;

/** @returns milliseconds from the fault's end; null: it did not recover */
export async function measureRecovery(
	endedAtMs: number,
	address: string,
	sender: CallbackSender
): Promise<number | null> {
	while (performance.now() - endedAtMs < GIVE_UP_MS) {
		if ((await isReady(address)) && (await sender.probe(TRY_MS))) {
			return performance.now() - endedAtMs;
		}
		await pause(BETWEEN_MS);
	}
	return null;
}

async function isReady(address: string): Promise<boolean> {
	try {
		const answer = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(TRY_MS) });
		await answer.text();
		return answer.status === 200;
	} catch {
		return false;
	}
}
