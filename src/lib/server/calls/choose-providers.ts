import type { Provider } from '$lib/domain/call/event';
import type { Context } from '../context';
import { AppError } from '../errors';
import type { ProviderAdapter } from '../providers/types';

export type Carriers = [ProviderAdapter, ...ProviderAdapter[]];

/**
 * The providers that may carry a call, first choice first: the one that was named, and it alone, or the
 * organisation's in its order. Those that are down are left out.
 * @throws AppError `invalid` when none is set up or each needs an agent's phone; `provider_unavailable`
 *   with the first one's sentence when all are down
 */
export function chooseProviders(
	ctx: Context,
	organization: { defaultProvider: Provider; providerFallbacks: Provider[] },
	call: { named: Provider | undefined; agentPhone: string | null }
): Carriers {
	const { providers, guards } = ctx.services;
	const order = call.named
		? [call.named]
		: [organization.defaultProvider, ...organization.providerFallbacks];
	const setUp = [...new Set(order)].flatMap((name) => providers[name] ?? []);
	if (setUp.length === 0) {
		throw invalidField('provider', `provider ${order[0]} is not set up here.`);
	}
	const fitting = setUp.filter(
		({ capabilities }) => !capabilities.needsAgentPhone || call.agentPhone !== null
	);
	if (fitting.length === 0) {
		throw invalidField(
			'agent_phone',
			`${setUp[0]?.name} rings your own phone first, and none is entered for you: ask your administrator to enter it (talktime user phone), or give agent_phone with the call.`
		);
	}
	const [first, ...others] = fitting.filter(({ name }) => (guards[name]?.refusal ?? null) === null);
	if (first) return [first, ...others];
	const sentence = guards[fitting[0]?.name ?? 'twilio']?.refusal ?? '';
	throw new AppError('provider_unavailable', `The call was not placed. ${sentence}`);
}

function invalidField(field: string, sentence: string): AppError {
	return new AppError('invalid', sentence, { [field]: sentence });
}
