/**
 * What a provider that signs nothing posts is only a hint where money moves: before a final event is
 * applied, the provider is asked by its own API what is true (PROVIDERS.md section 0, point 4). Runs
 * outside any transaction and never for long: the provider's webhook waits for our answer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallEvent } from '$lib/domain/call/event';
import { isTerminal } from '$lib/domain/call/status';
import type { CallFinding, ProviderAdapter } from '../providers/types';
import type { Services } from '../services';

/** Well below the 15 seconds after which Exotel counts a delivery as lost (PROVIDERS.md 2.3). */
const CONFIRM_DEADLINE_MS = 4_000;

export interface Confirmed {
	event: CallEvent;
	/** Why the event must not be applied yet; absent: it may. */
	heldBack?: string;
}

/** @returns the event as its provider confirms it, or as it came with the reason why it must wait */
export async function confirmEvent(services: Services, event: CallEvent): Promise<Confirmed> {
	const adapter = services.providers[event.provider];
	if (!adapter || !needsConfirming(services, adapter, event)) return { event };
	const finding = await ask(services, adapter, event);
	switch (finding.kind) {
		case 'no_answer':
			return { event, heldBack: `${adapter.name} did not confirm it: ${finding.error}` };
		case 'never_existed':
		case 'never_dialled':
			return { event, heldBack: `${adapter.name} knows no call ${event.providerCallId}.` };
		case 'event': {
			const said = finding.event;
			if (said.problems.length > 0) return { event, heldBack: said.problems.join(' ') };
			if (said.status === null || !isTerminal(said.status)) {
				const word = said.rawStatus || 'nothing';
				return { event, heldBack: `${adapter.name} itself says ${word}, not ${event.rawStatus}.` };
			}
			return {
				event: {
					...said,
					callId: event.callId ?? said.callId,
					facts: { ...event.facts, ...said.facts },
					occurredAtMs: said.occurredAtMs ?? event.occurredAtMs
				}
			};
		}
	}
}

/** A call's end pays for it or gives its hold back: both move money. */
function needsConfirming(
	{ config }: Services,
	{ capabilities }: ProviderAdapter,
	event: CallEvent
): boolean {
	const isFinal = event.kind === 'status' && event.status !== null && isTerminal(event.status);
	if (!isFinal || event.providerCallId === '' || capabilities.signsWebhooks) return false;
	return event.provider === 'twilio' || (config[event.provider]?.webhook.confirms ?? true);
}

async function ask(
	services: Services,
	adapter: ProviderAdapter,
	event: CallEvent
): Promise<CallFinding> {
	const nowMs = services.clock();
	const deadline = new AbortController();
	const late = sleep(CONFIRM_DEADLINE_MS, undefined, { signal: deadline.signal, ref: false }).then(
		(): CallFinding => ({ kind: 'no_answer', error: 'too late' }),
		(): CallFinding => ({ kind: 'no_answer', error: 'not waited for' })
	);
	const finding = adapter.findCall({
		callId: event.callId,
		providerCallId: event.providerCallId,
		from: adapter.fromNumber,
		to: '',
		initiatedAtMs: nowMs,
		takenProviderCallIds: [],
		nowMs
	});
	try {
		return await Promise.race([finding, late]);
	} finally {
		deadline.abort();
	}
}
