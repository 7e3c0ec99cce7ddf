import { ListTokensInput, MakeTokenInput, TokenIdInput } from '$lib/inputs';
import { createToken } from '../../auth/create-token';
import { listTokens } from '../../tokens/list-tokens';
import { revokeToken } from '../../tokens/revoke-token';
import { allowed, router } from '../init';

export const tokensRouter = router({
	list: allowed('tokens.create')
		.input(ListTokensInput)
		.query(({ ctx, input }) => listTokens({ ctx, input })),
	create: allowed('tokens.create')
		.input(MakeTokenInput)
		.mutation(({ ctx, input }) => createToken({ ctx, input })),
	revoke: allowed('tokens.create')
		.input(TokenIdInput)
		.mutation(({ ctx, input }) => revokeToken({ ctx, input }))
});
