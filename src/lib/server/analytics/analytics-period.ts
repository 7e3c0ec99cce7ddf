import { lastDays, periodOf, type Period } from '$lib/domain/analytics/period';
import { localDay } from '$lib/domain/time-zone';
import { PERIOD_DAYS_MAX, type AnalyticsInput } from '$lib/inputs';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';

export interface AnalyticsScope {
	organizationId: number;
	timezone: string;
	period: Period;
	isTodayIncluded: boolean;
}

/** Whose calls and which days a question is about. Days are those of the organisation's zone. */
export async function findScope(ctx: Context, input: AnalyticsInput): Promise<AnalyticsScope> {
	const person = requirePerson(ctx, 'analytics.read');
	const organizationId = requireOrganizationId(person, input.organizationId);
	const [organization] = await ctx.services.database.sql<{ timezone: string }[]>`
		select timezone from organizations where id = ${organizationId}`;
	if (!organization) throw new AppError('not_found', 'organization_id names no organisation.');
	const { timezone } = organization;
	const period = readPeriod(input, ctx.nowMs, timezone);
	const today = localDay(ctx.nowMs, timezone);
	return {
		organizationId,
		timezone,
		period,
		isTodayIncluded: period.start <= today && today <= period.end
	};
}

function readPeriod(input: AnalyticsInput, nowMs: number, timezone: string): Period {
	const { from, to } = input;
	if (from === undefined || to === undefined) return lastDays(input.days ?? 30, nowMs, timezone);
	const period = periodOf(from, to);
	if (!period) throw invalidPeriod('to must not be before from.');
	if (period.days > PERIOD_DAYS_MAX) {
		throw invalidPeriod(`from and to must be at most ${PERIOD_DAYS_MAX} days apart.`);
	}
	return period;
}

function invalidPeriod(sentence: string): AppError {
	return new AppError('invalid', sentence, { to: sentence });
}
