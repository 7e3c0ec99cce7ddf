import { eq, sql } from 'drizzle-orm';
import { coveredSeconds } from '$lib/domain/credit/types';
import { formatMicros } from '$lib/domain/money';
import type { CallView } from '$lib/views';
import type { Database } from '../db/client';
import { calls, contacts, creditHolds, organizations, users } from '../db/schema/index';

/** What a list shows of a call and what its page adds, no more: each column of each row is read by itself. */
const columns = {
	call: {
		id: calls.id,
		organizationId: calls.organizationId,
		userId: calls.userId,
		contactId: calls.contactId,
		provider: calls.provider,
		providerCallId: calls.providerCallId,
		device: calls.device,
		to: calls.to,
		status: calls.status,
		endReason: calls.endReason,
		initiatedAt: calls.initiatedAt,
		ringingAt: calls.ringingAt,
		answeredAt: calls.answeredAt,
		endedAt: calls.endedAt,
		answeredBy: calls.answeredBy,
		duration: calls.duration,
		billedMinutes: calls.billedMinutes,
		cost: calls.cost,
		liveSeq: calls.liveSeq,
		providerCost: calls.providerCost,
		providerCostCurrency: calls.providerCostCurrency,
		costState: calls.costState,
		walletSeconds: calls.walletSeconds,
		ratePerMinute: calls.ratePerMinute,
		parentCallId: calls.parentCallId
	},
	hold: {
		parts: creditHolds.parts,
		walletSeconds: creditHolds.walletSeconds,
		overdraftSeconds: creditHolds.overdraftSeconds,
		isDraining: creditHolds.isDraining,
		drainCause: creditHolds.drainCause
	},
	organizationName: organizations.name,
	contactName: contacts.name,
	userName: users.name
};

/** In words, not as a parameter: what is open is rare, which the planner knows of this word only. */
const isOpenHold = sql`${creditHolds.callId} = ${calls.id} and ${creditHolds.state} = 'open'`;

/** Calls with the names a person reads. Callers add where, order and limit. */
export function selectCalls(db: Database) {
	return db
		.select(columns)
		.from(calls)
		.innerJoin(organizations, eq(organizations.id, calls.organizationId))
		.leftJoin(contacts, eq(contacts.id, calls.contactId))
		.leftJoin(users, eq(users.id, calls.userId))
		.leftJoin(creditHolds, isOpenHold)
		.$dynamic();
}

export type CallRow = Awaited<ReturnType<typeof selectCalls>>[number];

export function toCallView(row: CallRow): CallView {
	const { call } = row;
	return {
		id: call.id,
		organizationId: call.organizationId,
		organizationName: row.organizationName,
		contactId: call.contactId,
		contactName: row.contactName,
		userId: call.userId,
		userName: row.userName,
		provider: call.provider,
		providerCallId: call.providerCallId,
		device: call.device,
		to: call.to,
		status: call.status,
		endReason: call.endReason,
		initiatedAt: call.initiatedAt.toISOString(),
		ringingAt: call.ringingAt?.toISOString() ?? null,
		answeredAt: call.answeredAt?.toISOString() ?? null,
		endedAt: call.endedAt?.toISOString() ?? null,
		answeredBy: call.answeredBy,
		durationSeconds: call.duration,
		billedMinutes: call.billedMinutes,
		cost: call.cost === null ? null : formatMicros(call.cost, 6),
		coveredUntil: coveredUntil(row),
		isDraining: row.hold?.isDraining ?? false,
		drainCause: row.hold?.drainCause ?? null,
		version: call.liveSeq
	};
}

function coveredUntil({ call, hold }: CallRow): string | null {
	if (hold === null || call.answeredAt === null) return null;
	return new Date(call.answeredAt.getTime() + coveredSeconds(hold) * 1000).toISOString();
}
