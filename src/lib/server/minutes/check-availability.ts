import { creditBlock, warningType, type WarningType } from '$lib/domain/credit/availability';
import { organizationInactive, type Block } from '$lib/domain/credit/blocks';
import { affordableMinutes, spendableMinutes } from '$lib/domain/credit/funding';
import { DEFAULT_RATE } from '$lib/domain/credit/rating';
import { formatMicros } from '$lib/domain/money';
import type { CheckAvailabilityInput } from '$lib/inputs';
import type { SalesContactView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { platformSalesContact } from '../settings/platform-settings';
import { loadCredit } from '../wallet/load-credit';
import { salesContactOf } from './block-view';

/** Whether a call of that length could start now (DESIGN.md section 6). Binding is only the hold. */
export interface Availability {
	available: boolean;
	organizationId: number;
	isActive: boolean;
	remainingMinutes: number;
	estimatedDurationMinutes: number;
	billingMode: string;
	balance: string;
	reason: Block['code'] | null;
	warningType: WarningType;
	message: string;
	salesContact: SalesContactView;
}

export async function checkAvailability({
	ctx,
	input
}: {
	ctx: Context;
	input: CheckAvailabilityInput;
}): Promise<Availability> {
	const person = requirePerson(ctx, 'minutes.read');
	const organizationId = requireOrganizationId(person, input.organizationId);
	const [loaded, platform] = await Promise.all([
		loadCredit(ctx.services.database.quick, organizationId),
		platformSalesContact(ctx)
	]);
	if (!loaded) throw new AppError('not_found', 'organization_id names no organisation.');
	const { organization, credit, isActive } = loaded;
	const { estimatedDurationMinutes: estimate } = input;
	const { nowMs } = ctx;
	const block = isActive
		? creditBlock(organization.name, credit, DEFAULT_RATE, estimate, nowMs)
		: organizationInactive(organization.name);
	return {
		available: block === null,
		organizationId,
		isActive,
		// Minutes that the mode lets pay no call are not spendable.
		remainingMinutes: credit.mode === 'wallet' ? 0 : spendableMinutes(credit, nowMs),
		estimatedDurationMinutes: estimate,
		billingMode: organization.billingMode,
		balance: formatMicros(credit.balanceMicros),
		reason: block?.code ?? null,
		warningType: warningType(credit, DEFAULT_RATE, nowMs),
		message: block
			? `${block.message.replace('The call was not placed. ', '')} ${block.wayOut}`
			: `${organization.name} has ${affordableMinutes(credit, DEFAULT_RATE, nowMs)} minutes left, enough for a call of ${estimate}.`,
		salesContact: salesContactOf(organization, platform)
	};
}
