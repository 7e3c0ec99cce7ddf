import { and, asc, desc, eq, sql, sum } from 'drizzle-orm';
import { formatMicros, parseMicros } from '$lib/domain/money';
import type { CallIdInput } from '$lib/inputs';
import type { CallDetailView, CallHoldView, ReceiptLineView } from '$lib/views';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import {
	balanceTransactions,
	callMinutesUsageLog,
	callStatusEvents,
	creditHolds,
	callTranscripts,
	debts,
	minuteAllocations
} from '../db/schema/index';
import { listRecordingsOf } from '../recordings/recording-rows';
import { toCallView, type CallRow } from './call-rows';
import { getOwnCall } from './get-own-call';

/** One call with its timeline, its receipt, and what was set aside for it. */
export async function getCall({
	ctx,
	input
}: {
	ctx: Context;
	input: CallIdInput;
}): Promise<CallDetailView> {
	const person = requirePerson(ctx, 'calls.read');
	const row = await getOwnCall(ctx, person, input.callId);
	const { db } = ctx.services.database;
	const [events, receipt, hold, [words], recordings] = await Promise.all([
		db
			.select()
			.from(callStatusEvents)
			.where(eq(callStatusEvents.callId, row.call.id))
			.orderBy(asc(callStatusEvents.id)),
		readReceipt(ctx, row),
		readHold(ctx, row),
		db.select().from(callTranscripts).where(eq(callTranscripts.callId, row.call.id)),
		listRecordingsOf(ctx, row.call)
	]);
	return {
		call: toCallView(row),
		facts: {
			answeredBy: row.call.answeredBy,
			providerCost: row.call.providerCost === null ? null : formatMicros(row.call.providerCost, 6),
			providerCostCurrency: row.call.providerCostCurrency,
			costState: row.call.costState,
			transcript: words?.transcript ?? null,
			summary: words?.summary ?? null
		},
		events: events.map((event) => ({
			id: event.id,
			source: event.source,
			status: event.status,
			rawStatus: event.rawStatus,
			effect: event.effect,
			occurredAt: event.occurredAt.toISOString(),
			receivedAt: event.receivedAt.toISOString()
		})),
		receipt,
		hold,
		recordings
	};
}

/** What paid for the call, line by line, and what is still owed. */
async function readReceipt(ctx: Context, { call }: CallRow): Promise<ReceiptLineView[]> {
	const { db } = ctx.services.database;
	const [paid, [wallet], [debt]] = await Promise.all([
		db
			.select({
				allocationId: callMinutesUsageLog.allocationId,
				reason: minuteAllocations.reason,
				minutes: callMinutesUsageLog.minutesConsumed,
				settlesDebt: callMinutesUsageLog.settlesDebt
			})
			.from(callMinutesUsageLog)
			.innerJoin(minuteAllocations, eq(minuteAllocations.id, callMinutesUsageLog.allocationId))
			.where(
				and(
					eq(callMinutesUsageLog.organizationId, call.organizationId),
					eq(callMinutesUsageLog.callId, call.id),
					eq(callMinutesUsageLog.isExternal, false)
				)
			)
			.orderBy(asc(callMinutesUsageLog.id)),
		db
			.select({ amount: sum(balanceTransactions.amount) })
			.from(balanceTransactions)
			.where(eq(balanceTransactions.callId, call.id)),
		db
			.select({
				minutes: debts.remainingMinutes,
				amount: debts.remainingAmount,
				convertedMinutes: debts.convertedMinutes
			})
			.from(debts)
			.where(eq(debts.callId, call.id))
	]);
	const lines: ReceiptLineView[] = paid.map((line) => ({
		...EMPTY_LINE,
		...line,
		paidBy: 'allocation'
	}));
	// Once minutes paid what was owed in dollars, or dollars minutes, its dollars are no price of its seconds.
	const isPriced = (debt?.convertedMinutes ?? 0) === 0;
	const isFree = (call.walletSeconds ?? 0) > 0 && call.ratePerMinute === 0n;
	if (wallet?.amount || isFree) {
		lines.push({
			...EMPTY_LINE,
			paidBy: 'wallet',
			amount: formatMicros(parseMicros(wallet?.amount ?? '0'), 6),
			seconds: isPriced ? call.walletSeconds : null,
			ratePerMinute: isPriced ? formatMicros(call.ratePerMinute, 6) : null
		});
	}
	if (debt && (debt.minutes > 0 || debt.amount > 0n)) {
		lines.push({
			...EMPTY_LINE,
			paidBy: 'debt',
			minutes: debt.minutes > 0 ? debt.minutes : null,
			amount: debt.amount > 0n ? formatMicros(debt.amount, 6) : null
		});
	}
	return lines;
}

/** A hold only grows, so its last state is the most that was set aside. */
async function readHold(ctx: Context, { call }: CallRow): Promise<CallHoldView | null> {
	// The call's own values: a column of another table would be written without its table's name here.
	const { id, organizationId } = call;
	const [found] = await ctx.services.database.db
		.select({
			hold: creditHolds,
			paidMinutes: sql<number>`coalesce((select sum(u.minutes_consumed)::int from call_minutes_usage_log u
				where u.organization_id = ${organizationId} and u.call_id = ${id} and not u.is_external
				and not u.settles_debt), 0)`,
			paidAmount: sql<string>`coalesce((select sum(t.amount) from balance_transactions t
				where t.organization_id = ${organizationId} and t.call_id = ${id} and t.metadata->>'kind' = 'call'), 0)`
		})
		.from(creditHolds)
		.where(eq(creditHolds.callId, id))
		.orderBy(desc(creditHolds.createdAt))
		.limit(1);
	if (!found) return null;
	const { hold } = found;
	const isOpen = hold.state === 'open';
	const paidMicros = parseMicros(found.paidAmount);
	const unusedMicros = hold.walletAmount > paidMicros ? hold.walletAmount - paidMicros : 0n;
	return {
		heldMinutes: hold.heldMinutes,
		heldAmount: formatMicros(hold.walletAmount, 6),
		overdraftMinutes: hold.overdraftSeconds / 60,
		returnedMinutes: isOpen ? null : Math.max(0, hold.heldMinutes - found.paidMinutes),
		returnedAmount: isOpen ? null : formatMicros(unusedMicros, 6),
		drainCause: hold.drainCause
	};
}

const EMPTY_LINE = {
	allocationId: null,
	reason: null,
	minutes: null,
	amount: null,
	seconds: null,
	ratePerMinute: null,
	settlesDebt: false
};
