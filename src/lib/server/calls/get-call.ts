import { and, asc, eq, sum } from 'drizzle-orm';
import { formatMicros, parseMicros } from '$lib/domain/money';
import type { CallIdInput } from '$lib/inputs';
import type { CallDetailView, ReceiptLineView } from '$lib/views';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import {
	balanceTransactions,
	callMinutesUsageLog,
	callStatusEvents,
	debts,
	minuteAllocations
} from '../db/schema/index';
import { listRecordingsOf } from '../recordings/recording-rows';
import { toCallView, type CallRow } from './call-rows';
import { getOwnCall } from './get-own-call';

/** One call with its timeline and its receipt. */
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
	const [events, receipt, recordings] = await Promise.all([
		db
			.select()
			.from(callStatusEvents)
			.where(eq(callStatusEvents.callId, row.call.id))
			.orderBy(asc(callStatusEvents.id)),
		readReceipt(ctx, row),
		listRecordingsOf(ctx, row.call)
	]);
	return {
		call: toCallView(row),
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
				minutes: callMinutesUsageLog.minutesConsumed
			})
			.from(callMinutesUsageLog)
			.innerJoin(minuteAllocations, eq(minuteAllocations.id, callMinutesUsageLog.allocationId))
			.where(
				and(
					eq(callMinutesUsageLog.organizationId, call.organizationId),
					eq(callMinutesUsageLog.callId, call.id)
				)
			)
			.orderBy(asc(callMinutesUsageLog.id)),
		db
			.select({ amount: sum(balanceTransactions.amount) })
			.from(balanceTransactions)
			.where(eq(balanceTransactions.callId, call.id)),
		db
			.select({ minutes: debts.remainingMinutes, amount: debts.remainingAmount })
			.from(debts)
			.where(eq(debts.callId, call.id))
	]);
	const lines: ReceiptLineView[] = paid.map((line) => ({
		...EMPTY_LINE,
		...line,
		paidBy: 'allocation'
	}));
	if (wallet?.amount) {
		lines.push({
			...EMPTY_LINE,
			paidBy: 'wallet',
			amount: formatMicros(parseMicros(wallet.amount), 6),
			seconds: call.walletSeconds,
			ratePerMinute: formatMicros(call.ratePerMinute, 6)
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

const EMPTY_LINE = {
	allocationId: null,
	reason: null,
	minutes: null,
	amount: null,
	seconds: null,
	ratePerMinute: null
};
