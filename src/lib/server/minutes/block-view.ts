import type { Block } from '$lib/domain/credit/blocks';
import type { BlockView, SalesContactView } from '$lib/views';

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

export function toBlockView(
	organization: SalesColumns,
	platform: SalesContactView,
	block: Block
): BlockView {
	return { ...block, salesContact: salesContactOf(organization, platform) };
}
