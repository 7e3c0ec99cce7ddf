import { and, eq } from 'drizzle-orm';
import { formatMicros } from '$lib/domain/money';
import type { CheckBillInput } from '$lib/inputs';
import type { BillCheckView, BillFindingView } from '$lib/views';
import type { Context } from '../context';
import { providerBillChecks, providerBillFindings } from '../db/schema/index';

export type CheckRow = typeof providerBillChecks.$inferSelect;
export type FindingRow = typeof providerBillFindings.$inferSelect;

/** The check of a provider and day. @throws Error when there is none */
export async function getBillCheck(
	ctx: Context,
	{ provider, day }: CheckBillInput
): Promise<BillCheckView> {
	const [row] = await ctx.services.database.db
		.select()
		.from(providerBillChecks)
		.where(and(eq(providerBillChecks.provider, provider), eq(providerBillChecks.day, day)));
	if (!row) throw new Error(`There is no bill check of ${provider} for ${day}.`);
	return toBillCheckView(row);
}

export function toBillCheckView(row: CheckRow): BillCheckView {
	return {
		id: row.id,
		provider: row.provider,
		day: row.day,
		state: row.state,
		note: row.note,
		matches: row.matches,
		providerOnly: row.providerOnly,
		oursOnly: row.oursOnly,
		mismatches: row.mismatches,
		providerCost: formatMicros(row.providerCost, 6),
		charged: formatMicros(row.charged, 6),
		chargedMinutes: row.chargedMinutes,
		checkedAt: row.checkedAt.toISOString()
	};
}

export function toBillFindingView(row: FindingRow): BillFindingView {
	return {
		id: row.id,
		kind: row.kind,
		note: row.note,
		providerCallId: row.providerCallId,
		organizationId: row.organizationId,
		callId: row.callId,
		to: row.to,
		startedAt: row.startedAt?.toISOString() ?? null,
		ourStatus: row.ourStatus,
		providerStatus: row.providerStatus,
		ourSeconds: row.ourSeconds,
		providerSeconds: row.providerSeconds,
		providerCost: dollars(row.providerCost),
		currency: row.currency,
		charged: dollars(row.charged),
		chargedMinutes: row.chargedMinutes,
		margin: dollars(row.margin)
	};
}

function dollars(amountMicros: bigint | null): string | null {
	return amountMicros === null ? null : formatMicros(amountMicros, 6);
}
