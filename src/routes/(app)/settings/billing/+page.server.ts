import { redirect } from '@sveltejs/kit';
import { TransactionsInput } from '$lib/inputs';
import { listOwnPayments } from '$lib/server/payments/list-payments';
import { getWallet } from '$lib/server/wallet/get-wallet';
import { listTransactions } from '$lib/server/wallet/list-transactions';
import { loadVerb } from '../../load-verb.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, url }) => {
	const { user } = await parent();
	if (user.role === 'super_admin') redirect(303, '/admin');
	const { ctx } = locals;
	// An address that names no type shows all.
	const type = TransactionsInput.shape.type.safeParse(url.searchParams.get('type')).data;
	const [wallet, transactions, payments] = await loadVerb(() =>
		Promise.all([
			getWallet({ ctx, input: {} }),
			listTransactions({ ctx, input: { type } }),
			listOwnPayments({ ctx, input: {} })
		])
	);
	return {
		title: 'Billing',
		credits: wallet.credits,
		type: type ?? null,
		wallet,
		transactions,
		payments
	};
};
