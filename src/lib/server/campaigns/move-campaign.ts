/**
 * A person's wish about a campaign. The organisation's row is taken first, as the lane does, then the
 * campaign's: so the two never wait for each other in a circle, and from the commit on the lane places no
 * call of a campaign that was paused or stopped.
 */
import { eq, sql } from 'drizzle-orm';
import { statusAfter, type CampaignAction } from '$lib/domain/campaigns/campaign';
import type { CampaignProgressView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { campaigns } from '../db/schema/index';
import { AppError } from '../errors';
import { requireCampaign } from './find-campaign';
import { tellCampaign } from './tell-campaign';

const REFUSALS: Record<CampaignAction, string> = {
	start: 'The campaign was not started: it was started before.',
	pause: 'The campaign was not paused: it is not running.',
	resume: 'The campaign does not go on: it is not paused.',
	stop: 'The campaign was not stopped: it is over.'
};

const WORDS: Record<CampaignAction, string> = {
	start: 'campaign.started',
	pause: 'campaign.paused',
	resume: 'campaign.resumed',
	stop: 'campaign.stopped'
};

/** @throws AppError `conflict` when the campaign is in no status to grant it; `not_found` for another's */
export async function moveCampaign(
	ctx: Context,
	campaignId: string,
	action: CampaignAction
): Promise<CampaignProgressView> {
	const person = requirePerson(ctx, 'campaigns.run');
	const { id, organizationId } = await requireCampaign(ctx, person, campaignId);
	await ctx.services.database.db.transaction(async (tx) => {
		await tx.execute(sql`select id from organizations where id = ${organizationId} for key share`);
		const [before] = await tx.select().from(campaigns).where(eq(campaigns.id, id)).for('update');
		const wanted = before && statusAfter(before.status, action);
		if (!before || !wanted) throw new AppError('conflict', REFUSALS[action]);
		const status = wanted === 'stopping' && before.callingLeads === 0 ? 'stopped' : wanted;
		const now = new Date(ctx.nowMs);
		await tx
			.update(campaigns)
			.set({
				status,
				pauseCause: status === 'paused' ? 'person' : null,
				pauseReason: status === 'paused' ? `Paused by ${person.name}.` : null,
				probeAt: null,
				probes: 0,
				isProbing: false,
				holdup: null,
				...(action === 'start' && { startedAt: now, lookedAt: now }),
				...(action === 'resume' && { lookedAt: now }),
				...(status === 'stopped' && { endedAt: now }),
				version: before.version + 1
			})
			.where(eq(campaigns.id, id));
		await writeAudit(tx, ctx, {
			organizationId,
			action: WORDS[action],
			before: { campaignId: id, name: before.name, status: before.status },
			after: { campaignId: id, name: before.name, status }
		});
	});
	return tellCampaign(ctx, id);
}
