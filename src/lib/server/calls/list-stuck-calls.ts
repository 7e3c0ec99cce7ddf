import { sql } from 'drizzle-orm';
import { stuckKindOf, stuckWords, type StuckKind } from '$lib/domain/call/stuck';
import type { StuckCallsInput } from '$lib/inputs';
import type { StuckView } from '$lib/views';
import { readableOrganizationId, requirePermission } from '../authorize';
import type { Context } from '../context';

const ROWS_MAX = 200;
/** Older deliveries are history: who has not looked by then will not. */
const DELIVERY_DAYS_MAX = 7;
const MINUTE_MS = 60_000;
const PROVIDER_NAMES: Record<string, string> = {
	twilio: 'Twilio',
	exotel: 'Exotel',
	bolna: 'Bolna',
	stripe: 'Stripe'
};

interface StuckRow extends Record<string, unknown> {
	call_id: string | null;
	delivery_id: string | null;
	organization_id: number | null;
	organization_name: string | null;
	provider: string;
	to: string | null;
	contact_name: string | null;
	submit_state: string | null;
	state: 'failed' | 'unmatched' | null;
	note: string | null;
	since_ms: string;
	expires_at_ms: string | null;
	check_at_ms: string | null;
}

/**
 * Calls and deliveries that do not go on by themselves as they should, the longest first: of the own
 * organisation, or of the fleet.
 */
export async function listStuckCalls({
	ctx,
	input
}: {
	ctx: Context;
	input: StuckCallsInput;
}): Promise<StuckView[]> {
	requirePermission(ctx, 'calls.supervise');
	const organizationId = readableOrganizationId(ctx, input.organizationId);
	const silentMs = input.minutes * MINUTE_MS;
	const [calls, deliveries] = await Promise.all([
		findCalls(ctx, organizationId, silentMs),
		findDeliveries(ctx, organizationId, silentMs)
	]);
	return [...calls, ...deliveries].sort((first, second) => first.since.localeCompare(second.since));
}

async function findCalls(
	ctx: Context,
	organizationId: number | null,
	silentMs: number
): Promise<StuckView[]> {
	const { nowMs } = ctx;
	const own = organizationId === null ? sql`true` : sql`h.organization_id = ${organizationId}`;
	const rows = await ctx.services.database.db.execute<StuckRow>(sql`
		select c.id as call_id, null as delivery_id, c.organization_id, o.name as organization_name, c.provider,
			c."to", k.name as contact_name, c.submit_state, null as state, null as note,
			${epochMs('h.heard_at')} as since_ms, ${epochMs('h.expires_at')} as expires_at_ms,
			${epochMs('h.check_at')} as check_at_ms
		from credit_holds h
		join calls c on c.id = h.call_id
		join organizations o on o.id = c.organization_id
		left join contacts k on k.id = c.contact_id
		where h.state = 'open' and ${own} and (c.submit_state = 'unknown'
			or h.expires_at < to_timestamp(${nowMs} / 1000.0)
			or h.heard_at < to_timestamp(${nowMs - silentMs} / 1000.0))
		order by h.heard_at limit ${ROWS_MAX}`);
	return rows.flatMap((row) => {
		const facts = {
			submitState: row.submit_state ?? '',
			heardAtMs: Number(row.since_ms),
			expiresAtMs: Number(row.expires_at_ms)
		};
		const kind = stuckKindOf(facts, nowMs, silentMs);
		return kind === null ? [] : [toStuckView(row, kind)];
	});
}

/** Of a call that has ended meanwhile nothing is open: the sweeper found out what was true. */
async function findDeliveries(
	ctx: Context,
	organizationId: number | null,
	silentMs: number
): Promise<StuckView[]> {
	const { nowMs } = ctx;
	const own = organizationId === null ? sql`true` : sql`d.organization_id = ${organizationId}`;
	const rows = await ctx.services.database.db.execute<StuckRow>(sql`
		select d.call_id, d.id as delivery_id, d.organization_id, o.name as organization_name, d.provider, c."to",
			k.name as contact_name, null as submit_state, d.state, d.note,
			${epochMs('d.received_at')} as since_ms, null as expires_at_ms, ${epochMs('h.check_at')} as check_at_ms
		from deliveries d
		left join calls c on c.id = d.call_id
		left join credit_holds h on h.call_id = d.call_id and h.state = 'open'
		left join organizations o on o.id = d.organization_id
		left join contacts k on k.id = c.contact_id
		where d.state in ('failed', 'unmatched') and ${own} and (d.call_id is null or c.ended_at is null)
			and d.received_at < to_timestamp(${nowMs - silentMs} / 1000.0)
			and d.received_at > to_timestamp(${nowMs} / 1000.0) - make_interval(days => ${DELIVERY_DAYS_MAX})
		order by d.received_at limit ${ROWS_MAX}`);
	return rows.map((row) =>
		toStuckView(row, row.state === 'unmatched' ? 'unmatched' : 'failed_delivery')
	);
}

function toStuckView(row: StuckRow, kind: StuckKind): StuckView {
	const words = stuckWords(kind, {
		providerName: PROVIDER_NAMES[row.provider] ?? row.provider,
		note: row.note,
		isAskedAgain: row.check_at_ms !== null
	});
	return {
		kind,
		callId: row.call_id,
		deliveryId: row.delivery_id,
		organizationId: row.organization_id,
		organizationName: row.organization_name,
		provider: row.provider,
		to: row.to,
		contactName: row.contact_name,
		...words,
		nextAt: row.check_at_ms === null ? null : isoOf(row.check_at_ms),
		since: isoOf(row.since_ms)
	};
}

function isoOf(epochMsText: string): string {
	return new Date(Number(epochMsText)).toISOString();
}

function epochMs(column: string) {
	return sql.raw(`(extract(epoch from ${column}) * 1000)::bigint`);
}
