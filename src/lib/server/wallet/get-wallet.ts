import { eq } from 'drizzle-orm';
import { isAllowed } from '$lib/domain/permissions';
import { localDay } from '$lib/domain/time-zone';
import type { WalletInput } from '$lib/inputs';
import type { CreditsView, WalletView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { findCustomer, type CustomerRow } from '../payments/customers';
import { findCredits } from './credit-rows';

/** The wallet with its card and settings: everyone of the organisation may look. */
export async function getWallet({
	ctx,
	input
}: {
	ctx: Context;
	input: WalletInput;
}): Promise<WalletView> {
	const person = requirePerson(ctx, 'wallet.read');
	const organizationId = requireOrganizationId(person, input.organizationId);
	const [credits, customer, month] = await Promise.all([
		getCredits(ctx, organizationId),
		findCustomer(ctx, organizationId),
		currentMonth(ctx, organizationId)
	]);
	return {
		credits,
		card: toCardView(customer),
		month,
		isPayable: ctx.services.stripe !== null,
		canPay: isAllowed(person.role, 'wallet.pay')
	};
}

export async function getCredits(ctx: Context, organizationId: number): Promise<CreditsView> {
	const credits = await findCredits(ctx.services.database.db, organizationId);
	if (!credits) throw new AppError('not_found', 'organization_id names no organisation.');
	return credits;
}

async function currentMonth(ctx: Context, organizationId: number): Promise<string> {
	const [row] = await ctx.services.database.db
		.select({ timezone: organizations.timezone })
		.from(organizations)
		.where(eq(organizations.id, organizationId));
	return localDay(ctx.nowMs, row?.timezone ?? 'UTC').slice(0, 7);
}

function toCardView(customer: CustomerRow | null): WalletView['card'] {
	const { cardBrand, cardLast4, cardExpMonth, cardExpYear } = customer ?? {};
	if (!cardBrand || !cardLast4 || !cardExpMonth || !cardExpYear) return null;
	return { brand: cardBrand, last4: cardLast4, expMonth: cardExpMonth, expYear: cardExpYear };
}
