import type { WalletView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { askStripe } from '../payments/ask-stripe';
import { findCustomer, refreshCard } from '../payments/customers';
import { getWallet } from './get-wallet';

/** Forgets the saved card, here and at Stripe. Removing none is no error. */
export async function removeCard({ ctx }: { ctx: Context }): Promise<WalletView> {
	const person = requirePerson(ctx, 'wallet.pay');
	const organizationId = requireOrganizationId(person, undefined);
	const customer = await findCustomer(ctx, organizationId);
	const paymentMethodId = customer?.paymentMethodId;
	if (customer && paymentMethodId) {
		await askStripe(ctx, 'The card was not removed.', async (stripe) => {
			await stripe.removeCard(paymentMethodId);
			await refreshCard(ctx, stripe, customer);
		});
	}
	return getWallet({ ctx, input: {} });
}
