/**
 * Dials what was claimed: the lane checks, holds and commits, then the provider is asked, as with a call that
 * a person places. What the lane refuses goes back among the leads that wait.
 */
import { and, eq, inArray } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { parsePhone } from '$lib/domain/phone';
import type { Block } from '$lib/domain/credit/blocks';
import type { WaitReason } from '$lib/domain/campaigns/campaign';
import { pausedBy, type Obstacle } from '$lib/domain/campaigns/step';
import { findCallerId } from '../calls/find-caller-id';
import { submitCall } from '../calls/submit-call';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { campaignLeads, campaigns } from '../db/schema/index';
import { AppError } from '../errors';
import type { ProviderAdapter } from '../providers/types';
import { findRateFor } from '../wallet/find-rate';
import { stateOf } from './campaign-rows';
import { plain } from './find-obstacle';
import { LeadChanges } from './lead-changes';
import type { ClaimedLead, Look } from './look-at-campaign';

/** Well before the claim is free again: whoever comes too late leaves it to the next look. */
const CLAIM_GOOD_MS = 5_000;
const REFUSED_WAIT_MS = 2_000;
const BUSY_WAIT_MS = 30_000;
const TOO_FAST_WAIT_MS = 60_000;

interface GivenBack {
	callId: string;
	position: number;
	waitMs: number;
	reason: WaitReason | null;
	obstacle: Obstacle | null;
	/** It is not called at all. */
	isSkipped: boolean;
}

export async function dialLeads(ctx: Context, look: Look): Promise<void> {
	const claimedAtMs = performance.now();
	const { adapter } = look.around;
	if (adapter === null) return;
	const answers = await Promise.all(
		look.claimed.map((lead) =>
			dialLead(ctx, look, adapter, lead, claimedAtMs).catch((error: unknown) => {
				// The claim stays: a look takes it up again under the same call id.
				ctx.services.log.warn(
					{ err: error, campaign: look.campaign.id },
					'campaign: a dial failed'
				);
				return null;
			})
		)
	);
	const back = answers.filter((answer) => answer !== null);
	if (back.length > 0) await giveBack(ctx, look.campaign.id, back);
}

async function dialLead(
	ctx: Context,
	{ campaign, around }: Look,
	adapter: ProviderAdapter,
	lead: ClaimedLead,
	claimedAtMs: number
): Promise<GivenBack | null> {
	const { organizationId } = campaign;
	const { organization, agent } = around;
	const isBridged = adapter.capabilities.needsAgentPhone;
	const { e164, country } = parsePhone(lead.phone) ?? { e164: lead.phone, country: 'ZZ' };
	const [from, rate] = await Promise.all([
		findCallerId(ctx, adapter, { organizationId, country, e164 }),
		findRateFor(ctx, e164)
	]);
	if (performance.now() - claimedAtMs > CLAIM_GOOD_MS) return null;
	const result = await ctx.services.lane.submit({
		kind: 'place_call',
		callId: lead.callId,
		holdId: uuid(),
		organizationId,
		// On other calls nobody of the organisation talks: they are nobody's in the dock and in the figures.
		user: isBridged && agent ? { id: agent.id, name: agent.name } : null,
		contact: lead.contact,
		campaignId: campaign.id,
		provider: adapter.name,
		from,
		to: e164,
		country,
		estimateMinutes: null,
		rate,
		isOverdraftAgreed: false,
		device: 'phone',
		canBeCut: adapter.capabilities.canHangUp,
		fixedSeconds: adapter.capabilities.fixedCallSeconds,
		idempotencyKey: null
	});
	switch (result.kind) {
		case 'unknown_organization':
			return null;
		case 'halted':
			return backOf(lead, 0, null, null);
		case 'blocked':
			return blockedLead(lead, result.block);
		case 'placed':
			if (!result.repeated) {
				await submitCall(ctx, result.call, [adapter], {
					agentPhone: isBridged ? (agent?.phone ?? null) : null,
					isRecorded: organization.recordsCalls,
					detectsMachine: organization.detectsMachines
				}).catch((error: unknown) => {
					// Refused: the call has failed and its hold is back. The next look reads why.
					if (!(error instanceof AppError)) throw error;
				});
			}
			return null;
	}
}

/** The number itself may not be called: no other moment changes that. */
const NOT_ALLOWED = new Set<string>([
	'number_not_allowed',
	'country_not_allowed',
	'price_too_high'
]);

/** What keeps every call of the campaign from being placed, by the code of the refusal. */
const OBSTACLES: Partial<Record<string, Obstacle['cause']>> = {
	budget_exhausted: 'budget',
	organization_inactive: 'inactive',
	calling_paused: 'guard',
	minutes_exhausted: 'credit',
	insufficient_balance: 'credit',
	overdraft_unconfirmed: 'credit'
};

function blockedLead(lead: ClaimedLead, block: Block): GivenBack {
	const reason = plain(block.message);
	if (NOT_ALLOWED.has(block.code)) return { ...backOf(lead, 0, null, null), isSkipped: true };
	if (block.code === 'already_calling') return backOf(lead, BUSY_WAIT_MS, 'number_busy', null);
	const cause = OBSTACLES[block.code];
	if (cause === undefined) return backOf(lead, TOO_FAST_WAIT_MS, 'too_fast', null);
	const isCredit = cause === 'credit';
	const obstacle = { cause, reason: isCredit ? `${reason} ${block.wayOut}` : reason };
	return backOf(lead, isCredit ? REFUSED_WAIT_MS : 0, null, obstacle);
}

function backOf(
	{ position, callId }: ClaimedLead,
	waitMs: number,
	reason: WaitReason | null,
	obstacle: Obstacle | null
): GivenBack {
	return { position, callId, waitMs, reason, obstacle, isSkipped: false };
}

async function giveBack(ctx: Context, campaignId: string, back: GivenBack[]): Promise<void> {
	const nowMs = ctx.services.clock();
	await ctx.services.database.db.transaction(async (tx) => {
		const [campaign] = await tx
			.select()
			.from(campaigns)
			.where(eq(campaigns.id, campaignId))
			.for('no key update');
		if (!campaign) return;
		const changes = new LeadChanges();
		const ours = await findOurs(tx, campaignId, back);
		for (const { position, callId, waitMs, reason, isSkipped } of back) {
			if (!ours.has(callId)) continue;
			if (isSkipped) changes.skip({ position, wasCalling: true }, 'not_allowed');
			else changes.giveBack(position, nowMs + waitMs, reason);
		}
		await changes.write(tx, campaign);
		const calling = campaign.callingLeads + changes.delta.calling;
		const obstacle = back.find((one) => one.obstacle !== null)?.obstacle ?? null;
		const mayPass = obstacle?.cause === 'credit' || obstacle?.cause === 'budget';
		const isPaused =
			obstacle !== null && campaign.status === 'running' && !(mayPass && calling > 0);
		const state = isPaused ? pausedBy(stateOf(campaign), obstacle, nowMs) : stateOf(campaign);
		await tx
			.update(campaigns)
			.set({
				waitingLeads: campaign.waitingLeads + changes.delta.waiting,
				callingLeads: calling,
				skippedLeads: campaign.skippedLeads + changes.delta.skipped,
				status: state.status,
				pauseCause: state.pauseCause,
				pauseReason: state.pauseReason,
				probeAt: state.probeAtMs === null ? null : new Date(state.probeAtMs),
				probes: state.probes,
				isProbing: state.isProbing,
				version: campaign.version + 1
			})
			.where(eq(campaigns.id, campaignId));
	});
}

/** Claims that a later look did not take up meanwhile. */
async function findOurs(
	tx: Pick<Database, 'select'>,
	campaignId: string,
	back: GivenBack[]
): Promise<Set<string | null>> {
	const rows = await tx
		.select({ callId: campaignLeads.callId })
		.from(campaignLeads)
		.where(
			and(
				eq(campaignLeads.campaignId, campaignId),
				eq(campaignLeads.state, 'calling'),
				inArray(
					campaignLeads.position,
					back.map(({ position }) => position)
				)
			)
		);
	return new Set(rows.map(({ callId }) => callId));
}
