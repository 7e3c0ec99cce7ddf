import { eq } from 'drizzle-orm';
import { limitsOf, newGuard } from '$lib/domain/fraud/guard';
import { formatMicros } from '$lib/domain/money';
import type { GuardView } from '$lib/views';
import type { Context } from '../context';
import { organizationCallMinutes, organizations } from '../db/schema/index';

export const GUARD_SETTINGS = {
	allowedCountries: organizations.allowedCountries,
	priceCeiling: organizations.priceCeiling,
	hourlyCap: organizations.hourlyCap,
	isTrusted: organizations.isTrusted
};

export function selectGuards(ctx: Context) {
	return ctx.services.database.db
		.select({
			organizationId: organizations.id,
			organizationName: organizations.name,
			country: organizations.country,
			...GUARD_SETTINGS,
			createdAt: organizations.createdAt,
			trippedAt: organizationCallMinutes.guardTrippedAt,
			reason: organizationCallMinutes.guardReason
		})
		.from(organizations)
		.innerJoin(
			organizationCallMinutes,
			eq(organizationCallMinutes.organizationId, organizations.id)
		);
}

export function toGuardView(
	row: Awaited<ReturnType<typeof selectGuards>>[number],
	nowMs: number
): GuardView {
	const { country, allowedCountries, isTrusted } = row;
	const limits = limitsOf(
		{ ...newGuard(country, row.createdAt.getTime()), hourlyCapMicros: row.hourlyCap, isTrusted },
		nowMs
	);
	return {
		organizationId: row.organizationId,
		organizationName: row.organizationName,
		country,
		allowedCountries,
		priceCeiling: formatMicros(row.priceCeiling),
		hourlyCap: row.hourlyCap === null ? null : formatMicros(row.hourlyCap),
		limits: {
			liveCalls: limits.liveCallsMax,
			callsPerMinute: limits.callsPerMinute,
			hourlyCap: formatMicros(limits.hourlyCapMicros)
		},
		isTrusted,
		pausedAt: row.trippedAt?.toISOString() ?? null,
		pauseReason: row.reason
	};
}
