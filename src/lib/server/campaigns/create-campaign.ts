import { eq, sql } from 'drizzle-orm';
import { PROVIDER_OF_KIND } from '$lib/domain/campaigns/campaign';
import { CAMPAIGN_LEADS_MAX, type CreateCampaignInput } from '$lib/inputs';
import type { StartCampaignView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context, Person } from '../context';
import { campaigns } from '../db/schema/index';
import { AppError } from '../errors';
import { chosenLeads } from '../leads/lead-filters';
import { findStartBlock } from './find-start-block';
import { tellCampaign } from './tell-campaign';

/**
 * Makes a campaign of the chosen leads as they are now; what becomes of the list later does not change it.
 * Idempotent by `requestId`. To be started, it needs credit for a call: otherwise nothing is made.
 */
export async function createCampaign({
	ctx,
	input
}: {
	ctx: Context;
	input: CreateCampaignInput;
}): Promise<StartCampaignView> {
	const person = requirePerson(ctx, 'campaigns.run');
	const organizationId = requireOrganizationId(person, undefined);
	requireProvider(ctx, person, input);
	const leads = await chosenLeads(ctx, organizationId, input.choice);
	const block = input.isStarted
		? await findStartBlock(ctx, { organizationId, kind: input.kind })
		: null;
	if (block) return { started: false, block };
	const { requestId: id, name, isStarted, choice, ...settings } = input;
	const now = new Date(ctx.nowMs);
	await ctx.services.database.db.transaction(async (tx) => {
		const [made] = await tx
			.insert(campaigns)
			.values({
				...settings,
				id,
				organizationId,
				name,
				createdBy: person.userId,
				createdAt: now,
				...(isStarted && { status: 'running' as const, startedAt: now, lookedAt: now })
			})
			.onConflictDoNothing({ target: campaigns.id })
			.returning({ id: campaigns.id });
		if (!made) return;
		const snapshot = await tx.execute(sql`
			insert into campaign_leads (organization_id, campaign_id, position, contact_id, name, phone, next_attempt_at)
			select k.organization_id, ${id}::uuid, row_number() over (order by n.position) - 1, k.id, k.name, k.phone,
				${now.toISOString()}::timestamptz
			from (${leads}) n join contacts k on k.id = n.contact_id
			where k.organization_id = ${organizationId} and not k.do_not_call
			order by n.position limit ${CAMPAIGN_LEADS_MAX + 1}
			on conflict (campaign_id, phone) do nothing
			returning position`);
		const count = snapshot.length;
		if (count === 0) throw new AppError('invalid', NO_LEADS, { choice: NO_LEADS });
		if (count > CAMPAIGN_LEADS_MAX) throw new AppError('invalid', TOO_MANY, { choice: TOO_MANY });
		await tx
			.update(campaigns)
			.set({ totalLeads: count, waitingLeads: count, version: 1 })
			.where(eq(campaigns.id, id));
		await writeAudit(tx, ctx, {
			organizationId,
			action: isStarted ? 'campaign.started' : 'campaign.created',
			before: {},
			after: { campaignId: id, name, leads: count, from: choice.kind, ...settings }
		});
	});
	await requireOwn(ctx, id, organizationId);
	return { started: true, campaign: await tellCampaign(ctx, id) };
}

const NO_LEADS =
	'No lead can be called: the choice is empty, or every lead in it must not be called.';
const TOO_MANY = `A campaign has at most ${CAMPAIGN_LEADS_MAX.toLocaleString('en')} leads: choose fewer.`;

function requireProvider(ctx: Context, person: Person, { kind }: CreateCampaignInput): void {
	const missing = missingFor(ctx, person, kind);
	if (missing !== null) throw new AppError('invalid', missing, { kind: missing });
}

/** What a kind of campaign needs and does not have, in a sentence; null when it can be used. */
export function missingFor(
	ctx: Context,
	person: Person,
	kind: CreateCampaignInput['kind']
): string | null {
	const adapter = ctx.services.providers[PROVIDER_OF_KIND[kind]];
	if (!adapter) return `${NAMES[kind]} is not set up here: ask your administrator.`;
	if (adapter.capabilities.needsAgentPhone && person.phone === null) {
		return `${NAMES[kind]} rings your own phone first, and none is entered for you: ask your administrator.`;
	}
	return null;
}

const NAMES = { server: 'Twilio', bridged: 'Exotel', ai: 'Bolna' };

async function requireOwn(ctx: Context, id: string, organizationId: number): Promise<void> {
	const [found] = await ctx.services.database.db
		.select({ organizationId: campaigns.organizationId })
		.from(campaigns)
		.where(eq(campaigns.id, id));
	if (found?.organizationId !== organizationId) {
		throw new AppError('conflict', 'requestId is already in use.');
	}
}
