/**
 * One look at one campaign, in one short transaction under its lock: what its calls came to is entered, and
 * the next leads are claimed. A claim names the id of the call to come, and is committed before anything is
 * placed: a process that dies between the two leaves a claim without a call, which is taken up again under
 * the same id, so that no lead is lost and none is called twice.
 */
import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { decideClaim, roomFor } from '$lib/domain/campaigns/claim';
import { nextRate } from '$lib/domain/campaigns/progress';
import { stepCampaign, type CampaignState } from '$lib/domain/campaigns/step';
import { paceAfter, turnsWithin } from '$lib/domain/providers/pace';
import type { CallingHoursView } from '$lib/views';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { campaigns } from '../db/schema/index';
import { stateOf, type CampaignRow } from './campaign-rows';
import { readCallingHours } from './calling-hours';
import { collectEnded } from './collect-ended';
import { lookAround, type Surroundings } from './find-obstacle';
import { LeadChanges } from './lead-changes';
import { readCalling, readCandidates, type CandidateRow } from './lead-rows';
import { nextPhone } from './next-phone';

/** A claim whose call was never placed is free again after this long. */
export const LEASE_MS = 30_000;
/** How often a look that found nothing new is written down. */
const LOOKED_AT_MS = 5_000;
/** Leads looked at in one transaction, at most. */
const CANDIDATES_MAX = 400;

export interface ClaimedLead {
	position: number;
	callId: string;
	phone: string;
	contact: { id: string; name: string } | null;
}

export interface Look {
	campaign: CampaignRow;
	/** Nobody but the caller dials these. */
	claimed: ClaimedLead[];
	around: Surroundings;
	/** Something a person sees has changed. */
	hasChanged: boolean;
}

type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** @returns null when another process looks at it right now, or it is over */
export async function lookAtCampaign(ctx: Context, campaignId: string): Promise<Look | null> {
	const { db } = ctx.services.database;
	const [before] = await db.select().from(campaigns).where(eq(campaigns.id, campaignId));
	if (!before) return null;
	const around = await lookAround(ctx, before, await nextPhone(db, campaignId));
	return db.transaction(async (tx) => {
		const [campaign] = await tx
			.select()
			.from(campaigns)
			.where(eq(campaigns.id, campaignId))
			.for('no key update', { skipLocked: true });
		if (!campaign) return null;
		return lookUnderLock(ctx, tx, campaign, around);
	});
}

async function lookUnderLock(
	ctx: Context,
	tx: Transaction,
	campaign: CampaignRow,
	around: Surroundings
): Promise<Look> {
	const { nowMs } = ctx;
	const changes = new LeadChanges();
	const calling = await readCalling(tx, campaign);
	const fault = collectEnded(campaign, calling, changes, nowMs);
	const obstacle = around.obstacle ?? fault;
	const orphans = calling.filter(
		(lead) => lead.call === null && nowMs - lead.claimedAtMs >= LEASE_MS
	);
	const stillCalling = calling.length - changes.ended - orphans.length;
	const step = stepCampaign(stateOf(campaign), {
		nowMs,
		obstacle,
		calling: stillCalling + orphans.length,
		waiting: campaign.waitingLeads + changes.delta.waiting,
		isAccepted: calling.some(({ call }) => call?.isAccepted === true)
	});

	const claimed: ClaimedLead[] = [];
	let holdup: CampaignRow['holdup'] = null;
	if (step.status === 'running' && obstacle === null) {
		const room = roomFor({
			concurrency: campaign.concurrency,
			calling: stillCalling,
			campaignTurns: campaignTurns(campaign, nowMs),
			providerTurns: around.providerTurns,
			affordable: around.affordable,
			isProbing: step.isProbing
		});
		holdup = room > 0 ? null : holdupOf(campaign, around, nowMs, stillCalling);
		const rows = await readCandidates(tx, campaign, orphans, {
			nowMs,
			limit: room === 0 ? 0 : Math.min(CANDIDATES_MAX, Math.max(50, room * 2))
		});
		// Read under the lock: a look that was under way when they changed keeps to the new ones.
		const hours = await readCallingHours(tx, campaign.organizationId);
		claimLeads(rows, room, hours, changes, claimed, nowMs);
	} else {
		if (step.status === 'running') holdup = 'credit';
		for (const orphan of orphans) changes.giveBack(orphan.position, nowMs, null);
	}
	await changes.write(tx, campaign);
	const after = await writeCampaign(tx, campaign, {
		step,
		holdup,
		changes,
		claimed: claimed.length,
		nowMs
	});
	return {
		campaign: after,
		claimed,
		around,
		hasChanged: after.version !== campaign.version
	};
}

function claimLeads(
	rows: CandidateRow[],
	room: number,
	hours: CallingHoursView,
	changes: LeadChanges,
	claimed: ClaimedLead[],
	nowMs: number
): void {
	const rules = { hours, callsPerDayMax: hours.callsPerNumberDay };
	for (const row of rows) {
		const claim = decideClaim(row.candidate, rules, nowMs);
		switch (claim.kind) {
			case 'skip':
				changes.skip(row, claim.reason);
				break;
			case 'later':
				changes.giveBack(row.position, claim.atMs, claim.reason, row.wasCalling);
				break;
			case 'call': {
				if (claimed.length >= room) break;
				// Calls sort by the moment their ids were made at.
				const callId = row.callId ?? uuid({ msecs: nowMs });
				changes.claim(row, callId, nowMs);
				claimed.push({ position: row.position, callId, phone: row.phone, contact: row.contact });
			}
		}
	}
}

function campaignTurns({ paceDueMs, callsPerSecond }: CampaignRow, nowMs: number): number {
	return turnsWithin({ dueAtMs: paceDueMs }, callsPerSecond, nowMs, 0);
}

function holdupOf(
	campaign: CampaignRow,
	around: Surroundings,
	nowMs: number,
	calling: number
): CampaignRow['holdup'] {
	if (calling >= campaign.concurrency) return null;
	if (around.affordable === 0) return 'credit';
	return campaignTurns(campaign, nowMs) === 0 || around.providerTurns === 0 ? 'pace' : null;
}

interface Outcome {
	step: CampaignState;
	holdup: CampaignRow['holdup'];
	changes: LeadChanges;
	/** Leads claimed just now. */
	claimed: number;
	nowMs: number;
}

async function writeCampaign(
	tx: Transaction,
	campaign: CampaignRow,
	{ step, holdup, changes, claimed, nowMs }: Outcome
): Promise<CampaignRow> {
	const isNews =
		changes.any ||
		campaign.holdup !== holdup ||
		campaign.status !== step.status ||
		campaign.pauseReason !== step.pauseReason;
	const lookedMs = campaign.lookedAt?.getTime() ?? 0;
	// A row written for nothing costs as much as one with news.
	if (!isNews && nowMs - lookedMs < LOOKED_AT_MS && step.probes === campaign.probes)
		return campaign;
	const { paceDueMs, callsPerSecond } = campaign;
	const pace = paceAfter({ dueAtMs: paceDueMs }, callsPerSecond, nowMs, claimed);
	const passedMs = campaign.lookedAt && campaign.status === 'running' ? nowMs - lookedMs : 0;
	const { delta } = changes;
	const [after = campaign] = await tx
		.update(campaigns)
		.set({
			status: step.status,
			pauseCause: step.pauseCause,
			pauseReason: step.pauseReason,
			probeAt: step.probeAtMs === null ? null : new Date(step.probeAtMs),
			probes: step.probes,
			isProbing: step.isProbing,
			holdup,
			endedAt: step.endedAtMs === null ? null : new Date(step.endedAtMs),
			paceDueMs: claimed > 0 ? Math.round(pace.dueAtMs) : paceDueMs,
			waitingLeads: campaign.waitingLeads + delta.waiting,
			callingLeads: campaign.callingLeads + delta.calling,
			answeredLeads: campaign.answeredLeads + delta.answered,
			unreachedLeads: campaign.unreachedLeads + delta.unreached,
			skippedLeads: campaign.skippedLeads + delta.skipped,
			attempts: campaign.attempts + changes.attempts,
			talkSeconds: campaign.talkSeconds + changes.talkSeconds,
			billedMinutes: campaign.billedMinutes + changes.billedMinutes,
			cost: campaign.cost + changes.costMicros,
			ratePerMinute: nextRate(campaign.ratePerMinute, changes.done, passedMs),
			lookedAt: new Date(nowMs),
			version: campaign.version + (isNews ? 1 : 0)
		})
		.where(eq(campaigns.id, campaign.id))
		.returning();
	return after;
}
