/**
 * Rows of the lane's own queries, read into domain types. Postgres gives `bigint` as text; the queries
 * give every moment as milliseconds.
 */
import type { Call } from '$lib/domain/call/call';
import type { Debt, Hold, HoldPart, Lot } from '$lib/domain/credit/types';
import type { DayStats } from '$lib/domain/lane/state';
import { parseMicros } from '$lib/domain/money';

/** A row as the driver gives it: the column types are stated where it is read. */
type Row = Record<string, unknown>;

function numberOrNull(value: unknown): number | null {
	return value === null || value === undefined ? null : Number(value);
}

export function readCallRow(row: Row): Call {
	return {
		id: row.id as string,
		organizationId: row.organization_id as number,
		userId: row.user_id as string | null,
		userName: row.user_name as string | null,
		contactId: row.contact_id as string | null,
		contactName: row.contact_name as string | null,
		campaignId: row.campaign_id as string | null,
		provider: row.provider as Call['provider'],
		providerCallId: row.provider_call_id as string | null,
		device: row.device as Call['device'],
		parentCallId: row.parent_call_id as string | null,
		submitState: row.submit_state as Call['submitState'],
		idempotencyKey: row.idempotency_key as string | null,
		from: row.from as string,
		to: row.to as string,
		country: row.country as string,
		localDay: row.local_day as string,
		status: row.status as Call['status'],
		endReason: row.end_reason as string | null,
		initiatedAtMs: Number(row.initiated_at_ms),
		ringingAtMs: numberOrNull(row.ringing_at_ms),
		answeredAtMs: numberOrNull(row.answered_at_ms),
		answeredEstimated: row.answered_estimated as boolean,
		endedAtMs: numberOrNull(row.ended_at_ms),
		talkSeconds: row.duration as number | null,
		billedMinutes: row.billed_minutes as number | null,
		rate: {
			prefix: row.rate_prefix as string,
			perMinuteMicros: parseMicros(row.rate_per_minute as string),
			initialSeconds: row.rate_initial_seconds as number,
			incrementSeconds: row.rate_increment_seconds as number
		},
		walletSeconds: row.wallet_seconds as number | null,
		costMicros: row.cost === null ? null : parseMicros(row.cost as string),
		timeLimitSeconds: row.time_limit_seconds as number,
		providerCostMicros:
			row.provider_cost === null ? null : parseMicros(row.provider_cost as string),
		providerCostCurrency: row.provider_cost_currency as string | null,
		providerCostAtMs: numberOrNull(row.provider_cost_at_ms),
		costState: row.cost_state as Call['costState'],
		costCheckAtMs: numberOrNull(row.cost_check_at_ms),
		costAttempts: row.cost_attempts as number,
		answeredBy: row.answered_by as Call['answeredBy'],
		liveSeq: Number(row.live_seq)
	};
}

export function readHoldRow(row: Row, call: Call): Hold | null {
	if (row.hold_id === null) return null;
	return {
		id: row.hold_id as string,
		organizationId: call.organizationId,
		callId: call.id,
		state: 'open',
		parts: row.hold_parts as HoldPart[],
		walletMicros: parseMicros(row.hold_wallet_amount as string),
		walletSeconds: row.hold_wallet_seconds as number,
		overdraftMinutes: row.hold_overdraft_minutes as number,
		overdraftMicros: parseMicros(row.hold_overdraft_amount as string),
		overdraftSeconds: row.hold_overdraft_seconds as number,
		isOverdraftAgreed: row.hold_is_overdraft_agreed as boolean,
		isDraining: row.hold_is_draining as boolean,
		drainCause: row.hold_drain_cause as Hold['drainCause'],
		expiresAtMs: Number(row.hold_expires_at_ms),
		heardAtMs: Number(row.hold_heard_at_ms),
		deniedSinceMs: numberOrNull(row.hold_denied_since_ms),
		checkAtMs: Number(row.hold_check_at_ms),
		meterAtMs: numberOrNull(row.hold_meter_at_ms),
		createdAtMs: Number(row.hold_created_at_ms),
		closedAtMs: null
	};
}

export function readLotRow(row: Row): Lot {
	return {
		id: row.id as string,
		remainingMinutes: row.remaining_minutes as number,
		heldMinutes: row.held_minutes as number,
		priority: row.priority as number,
		expiresAtMs: numberOrNull(row.expires_at_ms),
		createdAtMs: Number(row.created_at_ms)
	};
}

export function readDebtRow(row: Row): Debt {
	return {
		id: row.id as string,
		organizationId: row.organization_id as number,
		callId: row.call_id as string | null,
		paymentId: row.payment_id as string | null,
		minutes: row.minutes as number,
		remainingMinutes: row.remaining_minutes as number,
		amountMicros: parseMicros(row.amount as string),
		remainingMicros: parseMicros(row.remaining_amount as string),
		worthMinutes: row.worth_minutes as number,
		perMinuteMicros: parseMicros(row.per_minute as string),
		convertedMinutes: row.converted_minutes as number,
		convertedMicros: parseMicros(row.converted_amount as string),
		callStartMs: Number(row.call_start_ms),
		callEndMs: Number(row.call_end_ms),
		createdAtMs: Number(row.created_at_ms)
	};
}

export function readDayRow(row: Row): DayStats {
	return {
		organizationId: row.organization_id as number,
		day: row.day as string,
		country: row.country as string,
		total: row.total as number,
		completed: row.completed as number,
		failed: row.failed as number,
		cancelled: row.cancelled as number,
		talkSeconds: Number(row.talk_seconds),
		billedMinutes: Number(row.billed_minutes)
	};
}
