import { eq } from 'drizzle-orm';
import type { Context } from '../context';
import { organizations, stripeCustomers } from '../db/schema/index';
import { AppError } from '../errors';
import { askStripe } from './ask-stripe';
import type { StripeGateway } from './stripe/gateway';

export type CustomerRow = typeof stripeCustomers.$inferSelect;

export async function findCustomer(
	ctx: Context,
	organizationId: number
): Promise<CustomerRow | null> {
	const [row] = await ctx.services.database.db
		.select()
		.from(stripeCustomers)
		.where(eq(stripeCustomers.organizationId, organizationId));
	return row ?? null;
}

/** Who the organisation is at Stripe. Two that ask at once may make two there; one is kept and used. */
export async function ensureCustomer(
	ctx: Context,
	organizationId: number,
	payer: { email: string; attemptId: string }
): Promise<CustomerRow> {
	const known = await findCustomer(ctx, organizationId);
	if (known) return known;
	const { db } = ctx.services.database;
	const [organization] = await db
		.select({ name: organizations.name })
		.from(organizations)
		.where(eq(organizations.id, organizationId));
	if (!organization) throw new AppError('not_found', 'There is no such organisation.');
	const { name } = organization;
	const customerId = await askStripe(ctx, 'The payment was not started.', (stripe) =>
		stripe.createCustomer({ organizationId, name, ...payer })
	);
	await db.insert(stripeCustomers).values({ organizationId, customerId }).onConflictDoNothing();
	const kept = await findCustomer(ctx, organizationId);
	if (!kept) throw new AppError('conflict', 'The payment was not started. Try again.');
	return kept;
}

/** Reads the saved card anew from Stripe. */
export async function refreshCard(
	ctx: Context,
	stripe: StripeGateway,
	{ organizationId, customerId }: Pick<CustomerRow, 'organizationId' | 'customerId'>
): Promise<void> {
	const { db } = ctx.services.database;
	// Marked first: what changes while Stripe is asked marks it again.
	await db
		.update(stripeCustomers)
		.set({ isStale: false })
		.where(eq(stripeCustomers.organizationId, organizationId));
	try {
		const card = await stripe.findCard(customerId);
		await db
			.update(stripeCustomers)
			.set({
				paymentMethodId: card?.paymentMethodId ?? null,
				cardBrand: card?.brand ?? null,
				cardLast4: card?.last4 ?? null,
				cardExpMonth: card?.expMonth ?? null,
				cardExpYear: card?.expYear ?? null,
				updatedAt: new Date(ctx.nowMs)
			})
			.where(eq(stripeCustomers.organizationId, organizationId));
	} catch (error) {
		await db
			.update(stripeCustomers)
			.set({ isStale: true })
			.where(eq(stripeCustomers.organizationId, organizationId));
		throw error;
	}
}
