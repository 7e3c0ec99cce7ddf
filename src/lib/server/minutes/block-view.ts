import type { Block } from '$lib/domain/credit/blocks';
import type { BlockView, SalesContactView } from '$lib/views';
import type { Context } from '../context';
import { platformSalesContact } from '../settings/platform-settings';

interface SalesColumns {
	salesEmail: string | null;
	salesPhone: string | null;
}

/** Whom to ask for more: the organisation's own contact, or the platform's. */
export function salesContactOf(
	organization: SalesColumns,
	platform: SalesContactView
): SalesContactView {
	return {
		email: organization.salesEmail ?? platform.email,
		phone: organization.salesPhone ?? platform.phone
	};
}

export async function toBlockView(
	ctx: Context,
	organization: SalesColumns,
	block: Block
): Promise<BlockView> {
	const platform = await platformSalesContact(ctx);
	return { ...block, salesContact: salesContactOf(organization, platform) };
}
