import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from '$lib/domain/call/call';
import { CannotHangUp } from '../providers/types';
import type { Services } from '../services';

/** A hang-up that fails is tried again after so long. */
const PAUSES_MS = [1_000, 5_000];

/**
 * Ends a call that was given up before its provider placed it after all: nothing is held for it, nobody
 * meters it and nobody pays, so it does not go on.
 */
export async function endGivenUp(
	{ log, providers }: Pick<Services, 'log' | 'providers'>,
	call: Pick<Call, 'id' | 'provider' | 'providerCallId'>
): Promise<void> {
	const adapter = providers[call.provider];
	if (!adapter || call.providerCallId === null) return;
	log.warn(
		{ call: call.id, provider: call.provider },
		'a call that was given up lives: hanging up'
	);
	for (const pauseMs of [...PAUSES_MS, null]) {
		try {
			return await adapter.hangUp(call.providerCallId);
		} catch (error) {
			if (error instanceof CannotHangUp) {
				log.warn(
					{ call: call.id },
					'a call that was given up cannot be hung up: it ends by itself'
				);
				return;
			}
			log.error({ call: call.id, err: error }, 'a call that was given up could not be hung up');
			if (pauseMs !== null) await sleep(pauseMs, undefined, { ref: false });
		}
	}
}
