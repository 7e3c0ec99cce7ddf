import { checkProviderBill } from '$lib/server/bills/check-provider-bill';
import { listBillFindings } from '$lib/server/bills/list-bill-findings';
import { CheckBillInput } from '$lib/inputs';
import type { Context } from '$lib/server/context';
import { parseInput } from '$lib/server/parse';
import type { BillCheckView, BillFindingView } from '$lib/views';
import { given, type CommandLine } from '../command';
import { readRecordedBody } from '../deliver/recorded-body';
import { postDelivery } from '../deliver/post-delivery';

const SHOWN_MAX = 50;

export const callsCommands: CommandLine[] = [
	{
		words: ['calls', 'bill-check'],
		usage: 'calls bill-check --provider P --day D',
		summary: "compare a provider's bill of a day (UTC) with our calls, row by row",
		required: ['provider', 'day'],
		optional: [],
		usesProviders: true,
		async run(ctx, values) {
			const input = parseInput(CheckBillInput, values);
			const check = await checkProviderBill({ ctx, input });
			const differences = await listDifferences(ctx, check);
			const lines = [lineOf(check), ...differences.slice(0, SHOWN_MAX).map(lineOfFinding)];
			return { line: lines.join('\n'), json: { ...check, differences } };
		}
	},
	{
		words: ['deliver'],
		usage: 'deliver <file> [--to URL] [--provider twilio|exotel|bolna]',
		summary: 'sign a recorded webhook body and post it to the running app',
		required: [],
		optional: ['to', 'provider'],
		operand: 'file',
		usesProviders: true,
		async run(ctx, values) {
			const recorded = readRecordedBody(given(values, 'file'), values.provider);
			const answer = await postDelivery(ctx.services.config, recorded, values.to);
			return {
				line: `Posted to ${answer.url}: ${answer.status} ${answer.outcome}`,
				json: answer,
				exitCode: answer.status < 300 ? 0 : 1
			};
		}
	}
];

function lineOf(check: BillCheckView): string {
	const counts = `${check.matches} match, ${check.mismatches} differ, ${check.providerOnly} only there, ${check.oursOnly} only here`;
	return `Checked ${check.provider} for ${check.day}: ${counts}. It takes $${check.providerCost}; wallets paid $${check.charged}, allocations ${check.chargedMinutes} minutes.`;
}

function lineOfFinding(finding: BillFindingView): string {
	const name = finding.providerCallId ?? finding.callId ?? '';
	const cost =
		finding.providerCost === null ? 'no price' : `${finding.providerCost} ${finding.currency}`;
	const charged =
		finding.charged === null
			? 'nothing charged'
			: `charged $${finding.charged} and ${finding.chargedMinutes} min`;
	return `${finding.kind.padEnd(13)} ${name}  ${cost}, ${charged}. ${finding.note ?? ''}`;
}

async function listDifferences(ctx: Context, { id: checkId }: BillCheckView) {
	const found: BillFindingView[] = [];
	for (const kind of ['mismatch', 'provider_only', 'ours_only'] as const) {
		for (let cursor: string | undefined; ;) {
			const page = await listBillFindings({ ctx, input: { checkId, kind, cursor } });
			found.push(...page.rows);
			if (page.nextCursor === null) break;
			cursor = page.nextCursor;
		}
	}
	return found;
}
