import { sql } from 'drizzle-orm';
import type { Ledger } from '../ledger';
import { at, writePart, type Write } from './records';

const UPSERT_PAYMENTS = writePart(
	'payments',
	(records) => sql`
	insert into payments (id, organization_id, kind, amount, is_live, state, stripe_customer_id,
		stripe_payment_method_id, stripe_checkout_session_id, checkout_url, stripe_payment_intent_id, failure_code,
		failure_message, refunded_amount, disputed_amount, receipt_url, created_by, created_at, succeeded_at,
		refresh_at, version)
	select id, "organizationId", kind, "amountMicros", "isLive", state, "customerId", "paymentMethodId",
		"checkoutSessionId", "checkoutUrl", "paymentIntentId", "failureCode", "failureMessage", "refundedMicros",
		"disputedMicros", "receiptUrl", "createdBy", ${at('createdAtMs')}, ${at('succeededAtMs')},
		${at('refreshAtMs')}, version
	from json_to_recordset(${records}) as r(id uuid, "organizationId" int, kind text, "amountMicros" numeric,
		"isLive" boolean, state text, "customerId" text, "paymentMethodId" text, "checkoutSessionId" text,
		"checkoutUrl" text, "paymentIntentId" text, "failureCode" text, "failureMessage" text,
		"refundedMicros" numeric, "disputedMicros" numeric, "receiptUrl" text, "createdBy" uuid,
		"createdAtMs" bigint, "succeededAtMs" bigint, "refreshAtMs" bigint, version int)
	on conflict (id) do update set state = excluded.state,
		stripe_checkout_session_id = excluded.stripe_checkout_session_id, checkout_url = excluded.checkout_url,
		stripe_payment_intent_id = excluded.stripe_payment_intent_id, failure_code = excluded.failure_code,
		failure_message = excluded.failure_message, refunded_amount = excluded.refunded_amount,
		disputed_amount = excluded.disputed_amount, receipt_url = excluded.receipt_url,
		succeeded_at = excluded.succeeded_at, refresh_at = excluded.refresh_at, version = excluded.version`
);

const UPSERT_AUTO_REFILLS = writePart(
	'auto_refills',
	(records) => sql`
	insert into auto_refills (organization_id, state, payment_id, declines, look_at, pause_reason, month, month_spent)
	select id, state, "paymentId", declines, ${at('lookAtMs')}, "pauseReason", month, "monthSpentMicros"
	from json_to_recordset(${records}) as r(id int, state text, "paymentId" uuid, declines int, "lookAtMs" bigint,
		"pauseReason" text, month text, "monthSpentMicros" numeric)
	on conflict (organization_id) do update set state = excluded.state, payment_id = excluded.payment_id,
		declines = excluded.declines, look_at = excluded.look_at, pause_reason = excluded.pause_reason,
		month = excluded.month, month_spent = excluded.month_spent`
);

const UPDATE_AUTO_REFILL_SETTINGS = writePart(
	'call_balance',
	(records) => sql`
	update call_balance b set auto_refill_enabled = r."isEnabled", auto_refill_amount = r."amountMicros",
		auto_refill_threshold = r."thresholdMicros", auto_refill_monthly_cap = r."monthlyCapMicros",
		last_refill_at = ${at('lastRefillAtMs')}
	from json_to_recordset(${records}) as r(id int, "isEnabled" boolean, "amountMicros" numeric,
		"thresholdMicros" numeric, "monthlyCapMicros" numeric, "lastRefillAtMs" bigint)
	where b.organization_id = r.id`
);

const INSERT_MAILS = writePart(
	'mails',
	(records) => sql`
	insert into mails (organization_id, key, "to", subject, text, created_at)
	select "organizationId", key, u.email, subject, text, ${at('createdAtMs')}
	from json_to_recordset(${records}) as r("organizationId" int, "to" text, key text, subject text, text text,
		"createdAtMs" bigint)
	join users u on u.disabled_at is null and case when r."to" = 'super_admins' then u.role = 'super_admin'
		else u.role = 'manager' and u.organization_id = r."organizationId" end
	on conflict (key, "to") do nothing`
);

/** Orders for money, the refills of wallets, and mails about them. */
export function writePayments(ledger: Ledger, write: Write): void {
	write([...ledger.payments.values()], UPSERT_PAYMENTS);
	const refills = [...ledger.organizations.values()].filter(({ id }) => ledger.hasNewRefill(id));
	const refillRows = refills.map(({ id, autoRefill }) => ({ id, ...autoRefill }));
	write(refillRows, UPSERT_AUTO_REFILLS);
	write(refillRows, UPDATE_AUTO_REFILL_SETTINGS);
	write(ledger.rows.mails, INSERT_MAILS);
}
