import type { Call } from '$lib/domain/call/call';
import { spendableMinutes } from '$lib/domain/credit/funding';
import { DEFAULT_RATE, minutesFor, walletStatus } from '$lib/domain/credit/rating';
import type { Credit, Hold } from '$lib/domain/credit/types';
import { coveredUntilMs } from '$lib/domain/lane/slices';
import type { AutoRefill } from '$lib/domain/payments/auto-refill';
import { formatMicros } from '$lib/domain/money';
import type { DayStats, Organization } from '$lib/domain/lane/state';
import type { AutoRefillView, CallView, CreditsView, MetricsView, MinutesView } from '$lib/views';

function iso(atMs: number): string {
	return new Date(atMs).toISOString();
}

function isoOrNull(atMs: number | null): string | null {
	return atMs === null ? null : iso(atMs);
}

export function toCallView(call: Call, organizationName: string, hold: Hold | null): CallView {
	return {
		id: call.id,
		organizationId: call.organizationId,
		organizationName,
		contactId: call.contactId,
		contactName: call.contactName,
		userId: call.userId,
		userName: call.userName,
		provider: call.provider,
		providerCallId: call.providerCallId,
		device: call.device,
		to: call.to,
		status: call.status,
		endReason: call.endReason,
		initiatedAt: iso(call.initiatedAtMs),
		ringingAt: isoOrNull(call.ringingAtMs),
		answeredAt: isoOrNull(call.answeredAtMs),
		endedAt: isoOrNull(call.endedAtMs),
		answeredBy: call.answeredBy,
		durationSeconds: call.talkSeconds,
		billedMinutes: call.billedMinutes,
		cost: call.costMicros === null ? null : formatMicros(call.costMicros, 6),
		coveredUntil: hold ? isoOrNull(coveredUntilMs(call, hold)) : null,
		isDraining: hold?.isDraining ?? false,
		drainCause: hold?.drainCause ?? null,
		version: call.liveSeq
	};
}

export function toMinutesView(
	organization: Organization,
	version: number,
	nowMs: number
): MinutesView {
	const { credit } = organization;
	return {
		organizationId: organization.id,
		organizationName: organization.name,
		isActive: organization.isActive,
		totalMinutes: credit.totalMinutes,
		usedMinutes: credit.usedMinutes,
		heldMinutes: credit.heldMinutes,
		remainingMinutes: spendableMinutes(credit, nowMs),
		debtMinutes: credit.debtMinutes,
		liveCalls: organization.liveCalls,
		version
	};
}

export function toCreditsView(
	organizationId: number,
	credit: Pick<Credit, 'mode' | 'balanceMicros' | 'heldMicros' | 'debtMicros'>,
	refill: AutoRefill,
	version: number
): CreditsView {
	const spendable = credit.balanceMicros - credit.heldMicros;
	return {
		organizationId,
		billingMode: credit.mode,
		balance: formatMicros(credit.balanceMicros),
		heldAmount: formatMicros(credit.heldMicros),
		spendable: formatMicros(spendable),
		debtAmount: formatMicros(credit.debtMicros),
		status: walletStatus(credit.balanceMicros),
		estimatedMinutes: minutesFor(DEFAULT_RATE, spendable, 10_000_000),
		autoRefill: toAutoRefillView(refill),
		version
	};
}

function toAutoRefillView(refill: AutoRefill): AutoRefillView {
	const { monthlyCapMicros, lookAtMs } = refill;
	return {
		isEnabled: refill.isEnabled,
		amount: formatMicros(refill.amountMicros),
		threshold: formatMicros(refill.thresholdMicros),
		monthlyCap: monthlyCapMicros === null ? null : formatMicros(monthlyCapMicros),
		monthSpent: formatMicros(refill.monthSpentMicros),
		month: refill.month,
		state: refill.state,
		pauseReason: refill.pauseReason,
		declines: refill.declines,
		nextAttemptAt: refill.state === 'backoff' ? isoOrNull(lookAtMs) : null,
		lastRefillAt: isoOrNull(refill.lastRefillAtMs)
	};
}

/** @param days the rows of that organisation and day, one per country */
export function toMetricsView(
	organization: Pick<Organization, 'id' | 'timezone' | 'liveCalls'>,
	day: string,
	days: DayStats[],
	version: number
): MetricsView {
	const sum = (pick: (row: DayStats) => number) =>
		days.reduce((total, row) => total + pick(row), 0);
	return {
		organizationId: organization.id,
		day,
		timezone: organization.timezone,
		liveCalls: organization.liveCalls,
		total: sum((row) => row.total),
		completed: sum((row) => row.completed),
		failed: sum((row) => row.failed),
		cancelled: sum((row) => row.cancelled),
		talkSeconds: sum((row) => row.talkSeconds),
		billedMinutes: sum((row) => row.billedMinutes),
		version
	};
}
