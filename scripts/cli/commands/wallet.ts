import { v7 as uuid } from 'uuid';
import { AdjustWalletInput } from '$lib/inputs';
import { parseInput } from '$lib/server/parse';
import { adjustWallet } from '$lib/server/wallet/adjust-wallet';
import { importRates } from '$lib/server/rates/import-rates';
import { wholeNumber } from '../options';
import { readFileSync } from 'node:fs';
import { given, type CommandLine } from '../command';

export const walletCommands: CommandLine[] = [
	{
		words: ['wallet', 'adjust'],
		usage: 'wallet adjust --org N --amount A --reason R',
		summary: 'put dollars into a wallet, or take them out (--amount=-5)',
		required: ['org', 'amount', 'reason'],
		optional: [],
		async run(ctx, values) {
			const input = parseInput(AdjustWalletInput, {
				requestId: uuid(),
				organizationId: wholeNumber('org', values.org),
				amount: values.amount,
				reason: values.reason
			});
			const credits = await adjustWallet({ ctx, input });
			return {
				line: `Adjusted the wallet of organisation ${input.organizationId} by $${input.amount}: $${credits.balance} now.`,
				json: credits
			};
		}
	},
	{
		words: ['rates', 'import'],
		usage: 'rates import --file F',
		summary: 'import rates from CSV: prefix, description, per_minute, increment, effective_from',
		required: ['file'],
		optional: [],
		async run(ctx, values) {
			const csv = readFileSync(given(values, 'file'), 'utf8');
			const { imported } = await importRates({ ctx, input: { csv } });
			return { line: `Imported ${imported} rates.`, json: { imported } };
		}
	}
];
