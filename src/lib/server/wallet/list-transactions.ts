import { and, desc, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import { formatMicros, parseMicros } from '$lib/domain/money';
import { TransactionsInput } from '$lib/inputs';
import type { TransactionsView, TransactionType, TransactionView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { balanceTransactions as entries, callBalance } from '../db/schema/index';
import { requireKnownOrganization } from '../organizations/require-known';
import { parseInput } from '../parse';

/** What a movement is to people. Debt of a call that is paid later belongs to the call; money that left otherwise went back. */
const TYPE = sql<TransactionType>`case
	when ${entries.callId} is not null then 'call'
	when ${entries.type} in ('refund', 'debit') or ${entries.metadata}->>'kind' in
		('refund_failed', 'dispute_won') then 'refund'
	else 'topup' end`;
const SIGNED = sql`case when ${entries.type} = 'debit' then -${entries.amount} else ${entries.amount} end`;

/** Every movement of a wallet, newest first, in pages that new movements do not shift. */
export async function listTransactions({
	ctx,
	input
}: {
	ctx: Context;
	input: TransactionsInput;
}): Promise<TransactionsView> {
	const person = requirePerson(ctx, 'wallet.read');
	const { limit, organizationId: named, ...wanted } = parseInput(TransactionsInput, input);
	const organizationId = requireOrganizationId(person, named);
	await requireKnownOrganization(ctx, organizationId);
	const { db } = ctx.services.database;
	const [rows, breakdown] = await Promise.all([
		selectTransactions(db, organizationId, wanted, limit + 1),
		sumByType(db, organizationId)
	]);
	const shown = rows.slice(0, limit);
	const last = shown.at(-1);
	return {
		rows: shown.map(({ view }) => view),
		nextCursor: rows.length > limit && last ? String(last.seq) : null,
		breakdown
	};
}

/**
 * Reads movements of one wallet, newest first.
 * @param wanted of one type, and those booked before the cursor; all when left out
 */
export async function selectTransactions(
	db: Database,
	organizationId: number,
	wanted: { type?: TransactionType; cursor?: string },
	limit: number
): Promise<{ seq: number; view: TransactionView }[]> {
	const rows = await db
		.select({ entry: entries, type: TYPE })
		.from(entries)
		.where(
			and(
				eq(entries.organizationId, organizationId),
				ofType(wanted.type),
				wanted.cursor === undefined ? undefined : lt(entries.seq, Number(wanted.cursor))
			)
		)
		.orderBy(desc(entries.seq))
		.limit(limit);
	return rows.map((row) => ({ seq: row.entry.seq, view: toView(row) }));
}

/** Named as the indexes name it, so that few payments are found among many calls. */
function ofType(type: TransactionType | undefined) {
	if (type === undefined) return undefined;
	if (type === 'call') return isNotNull(entries.callId);
	return and(isNull(entries.callId), sql`${TYPE} = ${type}`);
}

/** Calls are not counted: what was paid in and neither taken back nor left was spent on them. */
async function sumByType(
	db: Database,
	organizationId: number
): Promise<TransactionsView['breakdown']> {
	const [row] = await db
		.select({
			balance: callBalance.balance,
			topup: sql<string>`coalesce(sum(${SIGNED}) filter (where ${TYPE} = 'topup'), 0)`,
			refund: sql<string>`coalesce(sum(${SIGNED}) filter (where ${TYPE} = 'refund'), 0)`
		})
		.from(callBalance)
		.leftJoin(
			entries,
			and(eq(entries.organizationId, callBalance.organizationId), isNull(entries.callId))
		)
		.where(eq(callBalance.organizationId, organizationId))
		.groupBy(callBalance.id);
	const topup = parseMicros(row?.topup ?? '0');
	const refund = parseMicros(row?.refund ?? '0');
	return {
		call: formatMicros(topup + refund - (row?.balance ?? 0n), 6),
		topup: formatMicros(topup, 6),
		refund: formatMicros(-refund, 6)
	};
}

function toView({
	entry,
	type
}: {
	entry: typeof entries.$inferSelect;
	type: TransactionType;
}): TransactionView {
	const signed = entry.type === 'debit' ? -entry.amount : entry.amount;
	return {
		id: entry.id,
		type,
		amount: formatMicros(signed, 6),
		description: entry.description,
		balanceBefore: formatMicros(entry.balanceBefore, 6),
		balanceAfter: formatMicros(entry.balanceAfter, 6),
		callId: entry.callId,
		paymentId: entry.metadata.payment_id ?? null,
		createdAt: entry.createdAt.toISOString()
	};
}
