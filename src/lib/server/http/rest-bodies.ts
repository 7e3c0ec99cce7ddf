/** Our views as the REST documents name their fields (DESIGN.md section 6). */
import type {
	CallDetailView,
	CallEstimateView,
	ContactView,
	CreditsView,
	TransactionsView
} from '$lib/views';
import type { CallEventsPage } from '../calls/list-call-events';
import type { Availability } from '../minutes/check-availability';
import type { ConsumedMinutes } from '../minutes/consume-minutes';

export function toAvailabilityBody(availability: Availability) {
	return {
		available: availability.available,
		organization_id: availability.organizationId,
		is_active: availability.isActive,
		remaining_minutes: availability.remainingMinutes,
		estimated_duration_minutes: availability.estimatedDurationMinutes,
		billing_mode: availability.billingMode,
		balance: availability.balance,
		reason: availability.reason,
		warning_type: availability.warningType,
		message: availability.message,
		sales_contact: availability.salesContact
	};
}

export function toConsumedBody(consumed: ConsumedMinutes) {
	return {
		consumed: !consumed.duplicate && consumed.minutesConsumed > 0,
		duplicate: consumed.duplicate,
		minutes_consumed: consumed.minutesConsumed,
		remaining_minutes: consumed.remainingMinutes,
		shortfall_minutes: consumed.shortfallMinutes
	};
}

export function toCallBody({ call, facts }: CallDetailView) {
	return {
		id: call.id,
		status: call.status,
		end_reason: call.endReason,
		provider: call.provider,
		provider_call_id: call.providerCallId,
		to: call.to,
		duration: call.durationSeconds,
		billed_minutes: call.billedMinutes,
		cost: call.cost,
		provider_cost: facts.providerCost,
		started_at: call.initiatedAt,
		answered_at: call.answeredAt,
		ended_at: call.endedAt
	};
}

export function toReceiptBody({ receipt }: CallDetailView) {
	return receipt.map((line) => ({
		paid_by: line.paidBy,
		allocation_id: line.allocationId,
		reason: line.reason,
		minutes: line.minutes,
		amount: line.amount,
		seconds: line.seconds,
		rate_per_minute: line.ratePerMinute
	}));
}

export function toEstimateBody(estimate: CallEstimateView) {
	return {
		to: estimate.to,
		country: estimate.country,
		rate_per_minute: estimate.ratePerMinute,
		initial_seconds: estimate.initialSeconds,
		increment_seconds: estimate.incrementSeconds,
		prefix: estimate.prefix,
		description: estimate.description,
		affordable_minutes: estimate.affordableMinutes,
		paid_by: estimate.paidBy,
		balance: estimate.balance
	};
}

export function toBalanceBody(credits: CreditsView) {
	return {
		balance: credits.balance,
		estimated_minutes: credits.estimatedMinutes,
		status: credits.status,
		...toBalanceSettingsBody(credits),
		last_refill_at: credits.autoRefill.lastRefillAt,
		debt: credits.debtAmount
	};
}

export function toBalanceSettingsBody({ autoRefill }: CreditsView) {
	return {
		auto_refill_enabled: autoRefill.isEnabled,
		auto_refill_amount: autoRefill.amount,
		auto_refill_threshold: autoRefill.threshold
	};
}

export function toTransactionsBody({ rows, breakdown, nextCursor }: TransactionsView) {
	return {
		transactions: rows.map((row) => ({
			id: row.id,
			type: row.type,
			amount: row.amount,
			description: row.description,
			balance_before: row.balanceBefore,
			balance_after: row.balanceAfter,
			call_id: row.callId,
			payment_id: row.paymentId,
			created_at: row.createdAt
		})),
		breakdown,
		next_cursor: nextCursor
	};
}

export function toCallEventsBody({ rows, cursor, hasMore }: CallEventsPage) {
	return {
		events: rows.map((row) => ({
			id: String(row.id),
			call_id: row.callId,
			provider: row.provider,
			provider_call_id: row.providerCallId,
			to: row.to,
			source: row.source,
			status: row.status,
			raw_status: row.rawStatus,
			effect: row.effect,
			occurred_at: row.occurredAt,
			received_at: row.receivedAt
		})),
		next_cursor: cursor,
		has_more: hasMore
	};
}

export function toContactBody(contact: ContactView) {
	return {
		id: contact.id,
		name: contact.name,
		phone: contact.phone,
		email: contact.email,
		company: contact.company,
		timezone: contact.timezone,
		notes: contact.about,
		do_not_call: contact.doNotCall,
		last_called_at: contact.lastCalledAt,
		created_at: contact.createdAt
	};
}
