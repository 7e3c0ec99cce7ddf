import {
	addDays,
	lastDays,
	periodOf,
	type Moments,
	type Period
} from '$lib/domain/analytics/period';
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
	/** Set when the period is no whole days: the last 24 hours. Daily rows do not know those. */
	window: Moments | null;
}

const WINDOW_MS = 24 * 3_600_000;

/** Whose calls and which days a question is about. Days are those of the organisation's zone. */
export async function findScope(ctx: Context, input: AnalyticsInput): Promise<AnalyticsScope> {
	const person = requirePerson(ctx, 'analytics.read');
	const organizationId = requireOrganizationId(person, input.organizationId);
	const [organization] = await ctx.services.database.sql<{ timezone: string }[]>`
		select timezone from organizations where id = ${organizationId}`;
	if (!organization) throw new AppError('not_found', 'organization_id names no organisation.');
	const { timezone } = organization;
	const today = localDay(ctx.nowMs, timezone);
	if (input.span === '24h') {
		const window = { fromMs: ctx.nowMs - WINDOW_MS, toMs: ctx.nowMs };
		return { ...windowScope(organizationId, timezone, window), isTodayIncluded: true };
	}
	const period = readPeriod(input, ctx.nowMs, timezone);
	const isTodayIncluded = period.start <= today && today <= period.end;
	return { organizationId, timezone, period, isTodayIncluded, window: null };
}

/** As much time just before a period: what its figures are held against. */
export function scopeBefore(scope: AnalyticsScope): AnalyticsScope {
	const { organizationId, timezone, period, window } = scope;
	if (window) {
		const { fromMs } = window;
		return windowScope(organizationId, timezone, { fromMs: fromMs - WINDOW_MS, toMs: fromMs });
	}
	const { start, days } = period;
	const before = { start: addDays(start, -days), end: addDays(start, -1), days };
	return { ...scope, period: before, isTodayIncluded: false };
}

function windowScope(organizationId: number, timezone: string, window: Moments): AnalyticsScope {
	const [start, end] = [window.fromMs, window.toMs].map((ms) => localDay(ms, timezone));
	const period = periodOf(start ?? '', end ?? '');
	if (!period) throw new Error('A window ends before it begins.');
	return { organizationId, timezone, period, isTodayIncluded: false, window };
}

function readPeriod(input: AnalyticsInput, nowMs: number, timezone: string): Period {
	const { from, to } = input;
	if (from === undefined || to === undefined) {
		return lastDays(input.span === 'today' ? 1 : (input.days ?? 30), nowMs, timezone);
	}
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
