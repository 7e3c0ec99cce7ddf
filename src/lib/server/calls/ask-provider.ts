import type { Provider } from '$lib/domain/call/event';
import type { Context } from '../context';
import type { CallFinding } from '../providers/types';

/** What is needed to ask a provider about a call it accepted. */
export interface KnownCall extends Record<string, unknown> {
	id: string;
	provider: Provider;
	provider_call_id: string;
	from: string;
	to: string;
	initiated_at_ms: string;
}

/** Asks a provider about a call by its id. A provider that is not set up here has no answer. */
export async function askAboutCall(ctx: Context, call: KnownCall): Promise<CallFinding> {
	const adapter = ctx.services.providers[call.provider];
	if (!adapter) return { kind: 'no_answer', error: `${call.provider} is not set up here.` };
	return adapter.findCall({
		callId: call.id,
		providerCallId: call.provider_call_id,
		from: call.from,
		to: call.to,
		initiatedAtMs: Number(call.initiated_at_ms),
		takenProviderCallIds: [],
		nowMs: ctx.nowMs
	});
}

/** Works through a list, a few at a time. */
export async function eachOf<Item>(
	items: readonly Item[],
	atOnce: number,
	work: (item: Item) => Promise<void>
): Promise<void> {
	const waiting = [...items];
	const next = async () => {
		for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
	};
	await Promise.all(Array.from({ length: atOnce }, next));
}
