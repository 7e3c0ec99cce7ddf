import { formatMicros, MICROS_PER_DOLLAR, parseMicros } from '$lib/domain/money';
import type { RefillSettings } from '$lib/domain/payments/auto-refill';
import type { RefillSettingsInput } from '$lib/inputs';
import type { CreditsView } from '$lib/views';
import { actorOf, requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { requireStripe } from '../payments/ask-stripe';
import { findCustomer } from '../payments/customers';
import { getCredits } from './get-wallet';

/** Changes auto-refill; what the input leaves out stays as it is. Switching it on needs a saved card. */
export async function updateRefillSettings({
	ctx,
	input
}: {
	ctx: Context;
	input: RefillSettingsInput;
}): Promise<CreditsView> {
	const person = requirePerson(ctx, 'wallet.pay');
	const organizationId = requireOrganizationId(person, undefined);
	const { autoRefill } = await getCredits(ctx, organizationId);
	const settings: RefillSettings = {
		isEnabled: input.isEnabled ?? autoRefill.isEnabled,
		amountMicros:
			input.amount === undefined
				? parseMicros(autoRefill.amount)
				: BigInt(input.amount) * MICROS_PER_DOLLAR,
		thresholdMicros: parseMicros(input.threshold ?? autoRefill.threshold),
		monthlyCapMicros: capOf(
			input.monthlyCap === undefined ? autoRefill.monthlyCap : input.monthlyCap
		)
	};
	if (settings.monthlyCapMicros !== null && settings.monthlyCapMicros < settings.amountMicros) {
		const sentence = `Monthly cap must be at least $${formatMicros(settings.amountMicros)}, one refill.`;
		throw new AppError('invalid', sentence, { monthlyCap: sentence });
	}
	if (settings.isEnabled && !autoRefill.isEnabled) await requireCard(ctx, organizationId);
	await ctx.services.lane.submit({
		kind: 'change_refill',
		organizationId,
		change: { kind: 'settings', ...settings },
		actor: actorOf(ctx)
	});
	return getCredits(ctx, organizationId);
}

function capOf(dollars: string | null): bigint | null {
	return dollars === null ? null : parseMicros(dollars);
}

async function requireCard(ctx: Context, organizationId: number): Promise<void> {
	requireStripe(ctx);
	const customer = await findCustomer(ctx, organizationId);
	if (customer?.paymentMethodId) return;
	const sentence =
		'Auto-refill needs a saved card. Add funds by card once; the card is then saved.';
	throw new AppError('invalid', sentence, { isEnabled: sentence });
}
