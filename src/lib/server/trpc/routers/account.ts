import { ChangePasswordInput, ConfirmTotpInput, EndSessionInput, ProveInput } from '$lib/inputs';
import { changePassword } from '../../account/change-password';
import { endSession } from '../../account/end-session';
import { getAccount } from '../../account/get-account';
import { confirmTotp, removeTotp, renewRecoveryCodes, startTotp } from '../../account/totp-setup';
import { provePerson } from '../../auth/prove-person';
import { allowed, router } from '../init';

export const accountRouter = router({
	get: allowed('account.use').query(({ ctx }) => getAccount({ ctx })),
	prove: allowed('account.use')
		.input(ProveInput)
		.mutation(({ ctx, input }) => provePerson({ ctx, input })),
	changePassword: allowed('account.use')
		.input(ChangePasswordInput)
		.mutation(({ ctx, input }) => changePassword({ ctx, input })),
	endSession: allowed('account.use')
		.input(EndSessionInput)
		.mutation(({ ctx, input }) => endSession({ ctx, input })),
	startTotp: allowed('account.use').mutation(({ ctx }) => startTotp({ ctx })),
	confirmTotp: allowed('account.use')
		.input(ConfirmTotpInput)
		.mutation(({ ctx, input }) => confirmTotp({ ctx, input })),
	removeTotp: allowed('account.use').mutation(({ ctx }) => removeTotp({ ctx })),
	renewRecoveryCodes: allowed('account.use').mutation(({ ctx }) => renewRecoveryCodes({ ctx }))
});
