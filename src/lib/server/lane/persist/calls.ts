import { sql } from 'drizzle-orm';
import type { Call } from '$lib/domain/call/call';
import type { Ledger } from '../ledger';
import { at, writePart, type Write } from './records';

/** What is known of a call besides its course, as columns of a record. */
const FACT_COLUMNS = sql.raw(
	`"providerCostMicros" numeric, "providerCostCurrency" text, "providerCostAtMs" bigint, "costState" text,
	"costCheckAtMs" bigint, "costAttempts" int, "answeredBy" text`
);

const INSERT_CALLS = writePart(
	'calls',
	(records) => sql`
	insert into calls (id, organization_id, user_id, contact_id, campaign_id, provider, provider_call_id, device,
		parent_call_id, submit_state, idempotency_key, "from", "to", country, local_day, status, end_reason, initiated_at,
		ringing_at, answered_at, answered_estimated, ended_at, duration, billed_minutes, time_limit_seconds, live_seq,
		rate_prefix, rate_per_minute, rate_initial_seconds, rate_increment_seconds, wallet_seconds, cost,
		provider_cost, provider_cost_currency, provider_cost_at, cost_state, cost_check_at, cost_attempts, answered_by)
	select id, "organizationId", "userId", "contactId", "campaignId", provider, "providerCallId", device,
		"parentCallId", "submitState",
		"idempotencyKey", "from", "to", country, "localDay", status, "endReason", ${at('initiatedAtMs')},
		${at('ringingAtMs')}, ${at('answeredAtMs')}, "answeredEstimated", ${at('endedAtMs')}, "talkSeconds",
		"billedMinutes", "timeLimitSeconds", "liveSeq", "ratePrefix", "ratePerMinute",
		"rateInitialSeconds", "rateIncrementSeconds", "walletSeconds", "costMicros", "providerCostMicros",
		"providerCostCurrency", ${at('providerCostAtMs')}, "costState", ${at('costCheckAtMs')}, "costAttempts",
		"answeredBy"
	from json_to_recordset(${records}) as r(id uuid, "organizationId" int, "userId" uuid, "contactId" uuid, "campaignId" uuid,
		provider text, "providerCallId" text, device text, "parentCallId" text, "submitState" text, "idempotencyKey" text, "from" text, "to" text,
		country text, "localDay" date, status text, "endReason" text, "initiatedAtMs" bigint,
		"ringingAtMs" bigint, "answeredAtMs" bigint, "answeredEstimated" boolean, "endedAtMs" bigint,
		"talkSeconds" int, "billedMinutes" int, "timeLimitSeconds" int, "liveSeq" bigint, "ratePrefix" text,
		"ratePerMinute" numeric, "rateInitialSeconds" int, "rateIncrementSeconds" int, "walletSeconds" int,
		"costMicros" numeric, ${FACT_COLUMNS})`
);

const UPDATE_CALLS = writePart(
	'calls',
	(records) => sql`
	update calls c set provider = r.provider, contact_id = r."contactId", "from" = r."from", provider_call_id = r."providerCallId",
		parent_call_id = r."parentCallId", submit_state = r."submitState",
		status = r.status, end_reason = r."endReason", ringing_at = ${at('ringingAtMs')},
		answered_at = ${at('answeredAtMs')}, answered_estimated = r."answeredEstimated",
		ended_at = ${at('endedAtMs')}, duration = r."talkSeconds", billed_minutes = r."billedMinutes",
		time_limit_seconds = r."timeLimitSeconds", live_seq = r."liveSeq", wallet_seconds = r."walletSeconds", cost = r."costMicros",
		provider_cost = r."providerCostMicros", provider_cost_currency = r."providerCostCurrency",
		provider_cost_at = ${at('providerCostAtMs')}, cost_state = r."costState",
		cost_check_at = ${at('costCheckAtMs')}, cost_attempts = r."costAttempts", answered_by = r."answeredBy"
	from json_to_recordset(${records}) as r(id uuid, provider text, "contactId" uuid, "from" text, "providerCallId" text,
		"parentCallId" text, "submitState" text, status text,
		"endReason" text, "ringingAtMs" bigint, "answeredAtMs" bigint, "answeredEstimated" boolean,
		"endedAtMs" bigint, "talkSeconds" int, "billedMinutes" int, "liveSeq" bigint, "walletSeconds" int,
		"costMicros" numeric, "timeLimitSeconds" int, ${FACT_COLUMNS})
	where c.id = r.id`
);

const INSERT_CALL_STATS_QUEUE = writePart(
	'call_stats_queue',
	(records) => sql`
	insert into call_stats_queue (call_id, organization_id) select id, "organizationId"
	from json_to_recordset(${records}) as r(id uuid, "organizationId" int)`
);

const UPDATE_CONTACTS = writePart(
	'contacts',
	(records) => sql`
	update contacts k set last_called_at = greatest(k.last_called_at, ${at('endedAtMs')})
	from (select c.id, x."endedAtMs" from (select "contactId", max("endedAtMs") as "endedAtMs"
			from json_to_recordset(${records}) as x("contactId" uuid, "endedAtMs" bigint) group by 1) x
		join contacts c on c.id = x."contactId" order by c.id for no key update of c) r
	where k.id = r.id`
);

const UPSERT_CALL_STATS_DAILY = writePart(
	'call_stats_daily',
	(records) => sql`
	insert into call_stats_daily (organization_id, day, country, total, completed, failed, cancelled,
		talk_seconds, billed_minutes)
	select "organizationId", day, country, total, completed, failed, cancelled, "talkSeconds", "billedMinutes"
	from json_to_recordset(${records}) as r("organizationId" int, day date, country text, total int,
		completed int, failed int, cancelled int, "talkSeconds" bigint, "billedMinutes" bigint)
	on conflict (organization_id, day, country) do update set total = excluded.total,
		completed = excluded.completed, failed = excluded.failed, cancelled = excluded.cancelled,
		talk_seconds = excluded.talk_seconds, billed_minutes = excluded.billed_minutes`
);

export function writeCalls(ledger: Ledger, write: Write): void {
	write([...ledger.newCalls.values()].map(toCallRecord), INSERT_CALLS);
	write([...ledger.calls.values()], UPDATE_CALLS);
	write(
		ledger.endedCalls().map(({ id, organizationId }) => ({ id, organizationId })),
		INSERT_CALL_STATS_QUEUE
	);
	// Whoever was dialled was called, answered or not.
	const dialled = ledger
		.endedCalls()
		.filter(({ contactId, providerCallId }) => contactId !== null && providerCallId !== null);
	write(dialled, UPDATE_CONTACTS);
}

export function writeDays(ledger: Ledger, write: Write): void {
	write([...ledger.days.values()], UPSERT_CALL_STATS_DAILY);
}

/** The columns of a call whose rate is one value in the domain. */
function toCallRecord(call: Call) {
	const { rate } = call;
	return {
		...call,
		ratePrefix: rate.prefix,
		ratePerMinute: rate.perMinuteMicros,
		rateInitialSeconds: rate.initialSeconds,
		rateIncrementSeconds: rate.incrementSeconds
	};
}
