import { and, asc, eq } from 'drizzle-orm';
import { WAIT_REASONS } from '$lib/domain/campaigns/campaign';
import { finishMs, standstillOf, type LeadCounts } from '$lib/domain/campaigns/progress';
import type { CampaignState } from '$lib/domain/campaigns/step';
import type { CampaignProgress } from '$lib/domain/campaigns/told';
import { formatMicros } from '$lib/domain/money';
import type { Database } from '../db/client';
import { campaignLeads, campaigns } from '../db/schema/index';

export type CampaignRow = typeof campaigns.$inferSelect;

/** The waiting lead that is due first. */
export interface NextDue {
	atMs: number;
	reason: string | null;
}

export async function findNextDue(
	db: Pick<Database, 'select'>,
	campaignId: string
): Promise<NextDue | null> {
	const [next] = await db
		.select({ at: campaignLeads.nextAttemptAt, reason: campaignLeads.reason })
		.from(campaignLeads)
		.where(and(eq(campaignLeads.campaignId, campaignId), eq(campaignLeads.state, 'waiting')))
		.orderBy(asc(campaignLeads.nextAttemptAt), asc(campaignLeads.position))
		.limit(1);
	return next ? { atMs: next.at.getTime(), reason: next.reason } : null;
}

export function countsOf(row: CampaignRow): LeadCounts {
	return {
		total: row.totalLeads,
		waiting: row.waitingLeads,
		calling: row.callingLeads,
		answered: row.answeredLeads,
		unreached: row.unreachedLeads,
		skipped: row.skippedLeads
	};
}

export function toProgress(
	row: CampaignRow,
	next: NextDue | null,
	nowMs: number
): CampaignProgress {
	const counts = countsOf(row);
	const { status } = row;
	const finishesAtMs = finishMs({ status, counts }, row.ratePerMinute, nowMs);
	return {
		id: row.id,
		organizationId: row.organizationId,
		name: row.name,
		kind: row.kind,
		status,
		pauseCause: row.pauseCause,
		pauseReason: row.pauseReason,
		counts,
		attempts: row.attempts,
		talkSeconds: row.talkSeconds,
		billedMinutes: row.billedMinutes,
		cost: formatMicros(row.cost),
		ratePerMinute: row.ratePerMinute,
		finishesAt: finishesAtMs === null ? null : new Date(finishesAtMs).toISOString(),
		standstill: standstillOf(
			{
				status,
				pauseCause: row.pauseCause,
				counts,
				concurrency: row.concurrency,
				holdup: row.holdup,
				nextDueMs: next?.atMs ?? null,
				nextDueReason: WAIT_REASONS.find((reason) => reason === next?.reason) ?? null,
				lookedAtMs: row.lookedAt?.getTime() ?? null
			},
			nowMs
		),
		createdAt: row.createdAt.toISOString(),
		startedAt: row.startedAt?.toISOString() ?? null,
		endedAt: row.endedAt?.toISOString() ?? null,
		asOf: new Date(nowMs).toISOString(),
		version: row.version
	};
}

export function stateOf(row: CampaignRow): CampaignState {
	return {
		status: row.status,
		pauseCause: row.pauseCause,
		pauseReason: row.pauseReason,
		probeAtMs: row.probeAt?.getTime() ?? null,
		probes: row.probes,
		isProbing: row.isProbing,
		endedAtMs: row.endedAt?.getTime() ?? null
	};
}
