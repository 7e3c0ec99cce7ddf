import type { WalletView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { askStripe } from '../payments/ask-stripe';
import { findCustomer, refreshCard } from '../payments/customers';
import { getWallet } from './get-wallet';

/** More than anybody saves; what is left is shown and can be removed, too. */
const CARDS_MAX = 20;

/**
 * Forgets the saved card, here and at Stripe, with those it replaced: an older one must not be charged in
 * its place. Removing none is no error.
 */
export async function removeCard({ ctx }: { ctx: Context }): Promise<WalletView> {
	const person = requirePerson(ctx, 'wallet.pay');
	const organizationId = requireOrganizationId(person, undefined);
	const customer = await findCustomer(ctx, organizationId);
	const paymentMethodId = customer?.paymentMethodId;
	if (customer && paymentMethodId) {
		await askStripe(ctx, 'The card was not removed.', async (stripe) => {
			await stripe.removeCard(paymentMethodId);
			for (let count = 1; count < CARDS_MAX; count++) {
				const older = await stripe.findCard(customer.customerId);
				if (!older) break;
				await stripe.removeCard(older.paymentMethodId);
			}
			await refreshCard(ctx, stripe, customer);
		});
	}
	return getWallet({ ctx, input: {} });
}
