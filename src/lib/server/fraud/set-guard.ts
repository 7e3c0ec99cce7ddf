import { eq } from 'drizzle-orm';
import { isSupportedCountry } from 'libphonenumber-js/max';
import { formatMicros, parseMicros } from '$lib/domain/money';
import type { SetGuardInput } from '$lib/inputs';
import type { GuardView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { getGuard } from './get-guard';
import { GUARD_SETTINGS } from './guard-rows';

/** Sets where an organisation may call, and how dear and how fast. What is left out stays as it is. */
export async function setGuard({
	ctx,
	input
}: {
	ctx: Context;
	input: SetGuardInput;
}): Promise<GuardView> {
	requirePermission(ctx, 'guard.write');
	const { organizationId, allowedCountries, priceCeiling, hourlyCap, isTrusted } = input;
	const unknown = allowedCountries?.find((country) => !isSupportedCountry(country));
	if (unknown !== undefined) {
		const sentence = `allowedCountries names ${unknown}, which is no country with phone numbers.`;
		throw new AppError('invalid', sentence, { allowedCountries: sentence });
	}
	const wanted = {
		...(allowedCountries && { allowedCountries: [...new Set(allowedCountries)].sort() }),
		...(priceCeiling !== undefined && { priceCeiling: parseMicros(priceCeiling) }),
		...(hourlyCap !== undefined && {
			hourlyCap: hourlyCap === null ? null : parseMicros(hourlyCap)
		}),
		...(isTrusted !== undefined && { isTrusted })
	};
	await ctx.services.database.db.transaction(async (tx) => {
		const isIt = eq(organizations.id, organizationId);
		const [before] = await tx.select(GUARD_SETTINGS).from(organizations).where(isIt).for('update');
		if (!before) throw new AppError('not_found', 'organization_id names no organisation.');
		if (Object.keys(wanted).length === 0) return;
		await tx.update(organizations).set(wanted).where(isIt);
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'guard.set',
			before: inWords(before),
			after: inWords({ ...before, ...wanted })
		});
	});
	return getGuard({ ctx, input });
}

function inWords(settings: { priceCeiling: bigint; hourlyCap: bigint | null }): object {
	const { priceCeiling, hourlyCap } = settings;
	return {
		...settings,
		priceCeiling: formatMicros(priceCeiling),
		hourlyCap: hourlyCap === null ? null : formatMicros(hourlyCap)
	};
}
