import { priceMicros } from '$lib/domain/credit/rating';
import { formatMicros } from '$lib/domain/money';
import { parsePhone } from '$lib/domain/phone';
import type { TestRateInput } from '$lib/inputs';
import type { RateTestView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { findTariff } from '../wallet/find-rate';

const LONG_CALL_SECONDS = 330;

/** Which rate a number is found by, and what calls to it would cost. */
export async function testRate({
	ctx,
	input
}: {
	ctx: Context;
	input: TestRateInput;
}): Promise<RateTestView> {
	requirePermission(ctx, 'rates.read');
	const number = parsePhone(input.phone, 'US');
	if (!number) {
		const sentence = 'phone must be a phone number, for example +442071838750.';
		throw new AppError('invalid', sentence, { phone: sentence });
	}
	const { rate, description } = await findTariff(ctx, number.e164);
	return {
		to: number.e164,
		country: number.country,
		prefix: rate.prefix,
		description,
		perMinute: formatMicros(rate.perMinuteMicros, 6),
		initialSeconds: rate.initialSeconds,
		incrementSeconds: rate.incrementSeconds,
		costOfOneMinute: formatMicros(priceMicros(rate, 60), 6),
		costOfLongCall: formatMicros(priceMicros(rate, LONG_CALL_SECONDS), 6)
	};
}
