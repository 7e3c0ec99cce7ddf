import type { Block } from '$lib/domain/credit/blocks';
import type { BlockView, SalesContactView } from '$lib/views';
import type { Context } from '../context';

interface SalesColumns {
	salesEmail: string | null;
	salesPhone: string | null;
}

/** Whom to ask for more: the organisation's own contact, or the platform's. */
export function salesContactOf(ctx: Context, organization: SalesColumns): SalesContactView {
	const { config } = ctx.services;
	return {
		email: organization.salesEmail ?? config.salesEmail,
		phone: organization.salesPhone ?? config.salesPhone
	};
}

export function toBlockView(ctx: Context, organization: SalesColumns, block: Block): BlockView {
	return { ...block, salesContact: salesContactOf(ctx, organization) };
}
