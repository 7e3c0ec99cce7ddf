import { firstPayer } from '$lib/domain/credit/availability';
import { organizationInactive } from '$lib/domain/credit/blocks';
import { affordableMinutes } from '$lib/domain/credit/funding';
import { standingBlock } from '$lib/domain/fraud/guard';
import { formatMicros } from '$lib/domain/money';
import { parsePhone } from '$lib/domain/phone';
import type { EstimateCallInput } from '$lib/inputs';
import type { CallEstimateView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { findTariff } from './find-rate';
import { loadCredit } from './load-credit';

/** What a call to any number would cost an organisation now. An answer, not a promise: that is the hold. */
export async function estimateCall({
	ctx,
	input
}: {
	ctx: Context;
	input: EstimateCallInput;
}): Promise<CallEstimateView> {
	const person = requirePerson(ctx, 'wallet.read');
	const organizationId = requireOrganizationId(person, input.organizationId);
	const loaded = await loadCredit(ctx.services.database.db, organizationId);
	if (!loaded) throw new AppError('not_found', 'organization_id names no organisation.');
	const { organization, credit, guard } = loaded;
	const number = parsePhone(input.phone, organization.country);
	if (!number) {
		const sentence = `phone is no phone number that can be called: "${input.phone}".`;
		throw new AppError('invalid', sentence, { phone: sentence });
	}
	const { rate, description } = await findTariff(ctx, number.e164);
	const call = { to: number.e164, country: number.country, perMinuteMicros: rate.perMinuteMicros };
	const obstacle = loaded.isActive
		? standingBlock(guard, organization.name, call)
		: organizationInactive(organization.name);
	return {
		to: number.e164,
		country: number.country,
		ratePerMinute: formatMicros(rate.perMinuteMicros, 6),
		initialSeconds: rate.initialSeconds,
		incrementSeconds: rate.incrementSeconds,
		prefix: rate.prefix,
		description,
		affordableMinutes: affordableMinutes(credit, rate, ctx.nowMs),
		paidBy: firstPayer(credit, rate, ctx.nowMs),
		balance: formatMicros(credit.balanceMicros),
		obstacle: obstacle && { title: obstacle.title, wayOut: obstacle.wayOut }
	};
}
