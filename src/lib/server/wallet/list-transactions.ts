import { and, desc, eq, lt, sql, sum, type SQL } from 'drizzle-orm';
import { formatMicros, parseMicros } from '$lib/domain/money';
import { TransactionsInput } from '$lib/inputs';
import type { TransactionsView, TransactionType, TransactionView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { balanceTransactions as entries } from '../db/schema/index';
import { parseInput } from '../parse';

/** What a movement is to people. Debt of a call that is paid later belongs to the call. */
const TYPE = sql<TransactionType>`case
	when ${entries.callId} is not null then 'call'
	when ${entries.type} = 'refund' or ${entries.metadata}->>'kind' in
		('refund', 'dispute', 'refund_failed', 'dispute_won', 'debt') then 'refund'
	else 'topup' end`;
const SIGNED = sql<string>`case when ${entries.type} = 'debit' then -${entries.amount} else ${entries.amount} end`;

/** Every movement of a wallet, newest first, in pages that new movements do not shift. */
export async function listTransactions({
	ctx,
	input
}: {
	ctx: Context;
	input: TransactionsInput;
}): Promise<TransactionsView> {
	const person = requirePerson(ctx, 'wallet.read');
	const { type, cursor, limit, ...named } = parseInput(TransactionsInput, input);
	const organizationId = requireOrganizationId(person, named.organizationId);
	const { db } = ctx.services.database;
	const ofTenant = eq(entries.organizationId, organizationId);
	const [rows, totals] = await Promise.all([
		db
			.select({ entry: entries, type: TYPE })
			.from(entries)
			.where(
				and(
					ofTenant,
					type === undefined ? undefined : sql`${TYPE} = ${type}`,
					cursor === undefined ? undefined : lt(entries.seq, Number(cursor))
				)
			)
			.orderBy(desc(entries.seq))
			.limit(limit + 1),
		db
			.select({ type: TYPE, total: sum(SIGNED as SQL<string>) })
			.from(entries)
			.where(ofTenant)
			.groupBy(sql`1`)
	]);
	const totalOf = (wanted: TransactionType) =>
		parseMicros(totals.find((row) => row.type === wanted)?.total ?? '0');
	const shown = rows.slice(0, limit);
	return {
		rows: shown.map(toView),
		nextCursor: rows.length > limit ? String(shown.at(-1)?.entry.seq) : null,
		breakdown: {
			call: formatMicros(-totalOf('call'), 6),
			topup: formatMicros(totalOf('topup'), 6),
			refund: formatMicros(-totalOf('refund'), 6)
		}
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
