/** What keeps a whole campaign from dialling, read before its lock is taken: a promise is only the lane's hold. */
import { eq } from 'drizzle-orm';
import { creditBlock } from '$lib/domain/credit/availability';
import { organizationInactive } from '$lib/domain/credit/blocks';
import { affordableMinutes } from '$lib/domain/credit/funding';
import { DEFAULT_RATE } from '$lib/domain/credit/rating';
import { PROVIDER_OF_KIND } from '$lib/domain/campaigns/campaign';
import { affordableCalls } from '$lib/domain/campaigns/claim';
import type { Obstacle } from '$lib/domain/campaigns/step';
import type { Context } from '../context';
import { users } from '../db/schema/index';
import type { ProviderAdapter } from '../providers/types';
import { findRateFor } from '../wallet/find-rate';
import { loadCredit, type LoadedCredit } from '../wallet/load-credit';
import type { CampaignRow } from './campaign-rows';

/** What a look at a campaign needs to know of the world around it. */
export interface Surroundings {
	organization: LoadedCredit['organization'];
	adapter: ProviderAdapter | null;
	agent: { id: string; name: string; phone: string | null } | null;
	obstacle: Obstacle | null;
	affordable: number;
	/** Calls the provider would take at once. */
	providerTurns: number;
}

/** @param nextPhone the lead that is due first: its rate says what the wallet pays for */
export async function lookAround(
	ctx: Context,
	campaign: CampaignRow,
	nextPhone: string | null
): Promise<Surroundings> {
	const { database, guards, providers } = ctx.services;
	const provider = PROVIDER_OF_KIND[campaign.kind];
	const adapter = providers[provider] ?? null;
	const [loaded, agent] = await Promise.all([
		loadCredit(database.db, campaign.organizationId),
		findAgent(ctx, campaign.createdBy)
	]);
	if (!loaded) throw new Error(`Organization ${campaign.organizationId} was not read`);
	const needed = Math.max(1, Math.ceil((adapter?.capabilities.fixedCallSeconds ?? 60) / 60));
	const usesMoney = nextPhone !== null && loaded.credit.mode !== 'minutes';
	const rate = usesMoney ? await findRateFor(ctx, nextPhone) : DEFAULT_RATE;
	const { organization, credit } = loaded;
	const affordable = affordableCalls({
		spendable: affordableMinutes(credit, rate, ctx.nowMs),
		needed,
		slice: Math.max(needed, organization.estimateMinutes),
		talking: campaign.callingLeads
	});
	const short = creditBlock(organization.name, credit, rate, needed, ctx.nowMs);
	const refusal = findRefusal(ctx, campaign, adapter, agent?.phone ?? null);
	return {
		organization,
		adapter,
		agent,
		affordable: short ? 0 : affordable,
		providerTurns: guards[provider]?.turnsFree ?? 0,
		obstacle: !loaded.isActive
			? { cause: 'inactive', reason: plain(organizationInactive(organization.name).message) }
			: refusal !== null
				? { cause: 'provider', reason: refusal }
				: short
					? { cause: 'credit', reason: `${plain(short.message)} ${short.wayOut}` }
					: null
	};
}

/** A refusal begins with what did not happen: of a campaign nothing was tried. */
export function plain(message: string): string {
	return message.replace('The call was not placed. ', '');
}

function findRefusal(
	ctx: Context,
	campaign: CampaignRow,
	adapter: ProviderAdapter | null,
	agentPhone: string | null
): string | null {
	const provider = PROVIDER_OF_KIND[campaign.kind];
	if (!adapter) return `${NAMES[provider]} is not set up here: tell your administrator.`;
	if (adapter.capabilities.needsAgentPhone && agentPhone === null) {
		return `${NAMES[provider]} rings an agent's phone first, and none is entered for the person who made the campaign.`;
	}
	const guard = ctx.services.guards[provider];
	return guard && !guard.mayTry ? `${NAMES[provider]} does not answer right now.` : null;
}

const NAMES = { twilio: 'Twilio', exotel: 'Exotel', bolna: 'Bolna' };

async function findAgent(ctx: Context, userId: string | null): Promise<Surroundings['agent']> {
	if (userId === null) return null;
	const [found] = await ctx.services.database.db
		.select({ id: users.id, name: users.name, phone: users.phone })
		.from(users)
		.where(eq(users.id, userId));
	return found ?? null;
}
