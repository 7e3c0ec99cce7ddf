import { creditBlock } from '$lib/domain/credit/availability';
import { organizationInactive } from '$lib/domain/credit/blocks';
import { DEFAULT_RATE } from '$lib/domain/credit/rating';
import { PROVIDER_OF_KIND, type CampaignKind } from '$lib/domain/campaigns/campaign';
import type { BlockView } from '$lib/views';
import type { Context } from '../context';
import { AppError } from '../errors';
import { toBlockView } from '../minutes/block-view';
import { platformSalesContact } from '../settings/platform-settings';
import { loadCredit } from '../wallet/load-credit';

/** Why not one call of a batch could be placed now: no credit, or calling is switched off. */
export async function findStartBlock(
	ctx: Context,
	batch: { organizationId: number; kind: CampaignKind }
): Promise<BlockView | null> {
	const loaded = await loadCredit(ctx.services.database.db, batch.organizationId);
	if (!loaded) throw new AppError('not_found', 'There is no such organisation.');
	const { organization, credit, isActive } = loaded;
	const fixed = ctx.services.providers[PROVIDER_OF_KIND[batch.kind]]?.capabilities.fixedCallSeconds;
	const needed = Math.max(1, Math.ceil((fixed ?? 60) / 60));
	const block = isActive
		? creditBlock(organization.name, credit, DEFAULT_RATE, needed, ctx.nowMs)
		: organizationInactive(organization.name);
	if (!block) return null;
	const message = block.message.replace('The call was not placed.', 'The batch was not started.');
	return toBlockView(organization, await platformSalesContact(ctx), { ...block, message });
}
