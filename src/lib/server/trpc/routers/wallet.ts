import {
	EstimateCallInput,
	PaymentsInput,
	RefillSettingsInput,
	StartTopUpInput,
	TransactionsInput,
	WalletInput
} from '$lib/inputs';
import { listOwnPayments } from '../../payments/list-payments';
import { estimateCall } from '../../wallet/estimate-call';
import { getWallet } from '../../wallet/get-wallet';
import { listTransactions } from '../../wallet/list-transactions';
import { removeCard } from '../../wallet/remove-card';
import { resumeRefill } from '../../wallet/resume-refill';
import { startTopUp } from '../../wallet/start-top-up';
import { updateRefillSettings } from '../../wallet/update-refill-settings';
import { allowed, router } from '../init';

export const walletRouter = router({
	estimate: allowed('wallet.read')
		.input(EstimateCallInput)
		.query(({ ctx, input }) => estimateCall({ ctx, input })),
	get: allowed('wallet.read')
		.input(WalletInput)
		.query(({ ctx, input }) => getWallet({ ctx, input })),
	transactions: allowed('wallet.read')
		.input(TransactionsInput)
		.query(({ ctx, input }) => listTransactions({ ctx, input })),
	payments: allowed('wallet.read')
		.input(PaymentsInput)
		.query(({ ctx, input }) => listOwnPayments({ ctx, input })),
	startTopUp: allowed('wallet.pay')
		.input(StartTopUpInput)
		.mutation(({ ctx, input }) => startTopUp({ ctx, input })),
	updateSettings: allowed('wallet.pay')
		.input(RefillSettingsInput)
		.mutation(({ ctx, input }) => updateRefillSettings({ ctx, input })),
	resumeRefill: allowed('wallet.pay').mutation(({ ctx }) => resumeRefill({ ctx })),
	removeCard: allowed('wallet.pay').mutation(({ ctx }) => removeCard({ ctx }))
});
