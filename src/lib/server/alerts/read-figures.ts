/** The figures that alerts are read from: every organisation's in one statement, and the platform's. */
import { sql } from 'drizzle-orm';
import { readCreditAlerts, type CreditFigures, type Reading } from '$lib/domain/alerts/readings';
import { LOW_BALANCE_MICROS } from '$lib/domain/credit/rating';
import { parseMicros } from '$lib/domain/money';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { fleetRows } from '../fleet/fleet-query';

/** A reading, and whose it is. */
export interface ReadAlert extends Reading {
	/** Null: the platform's. */
	organizationId: number | null;
	organizationName: string | null;
	/** Empty of an organisation's. */
	subject: string;
}

const USUAL_DAYS = 14;
const SILENT_MS = 5 * 60_000;
const PROVIDER_NAMES = { twilio: 'Twilio', exotel: 'Exotel', bolna: 'Bolna' };

interface FiguresRow extends Record<string, unknown> {
	id: number;
	name: string;
	billing_mode: CreditFigures['billingMode'];
	remaining: number;
	granted: number;
	balance: string;
	is_wallet_used: boolean;
	threshold: string | null;
	refill_state: CreditFigures['refillState'];
	used: number;
	usual: number;
	callable: string;
	pause_reason: CreditFigures['pauseReason'];
}

/** Those switched off or archived do not call, so nothing of theirs runs out. */
export async function readOrganizationAlerts(
	tx: Pick<Database, 'execute'>,
	nowMs: number
): Promise<ReadAlert[]> {
	const rows = await tx.execute<FiguresRow>(sql`
		with ${fleetRows(nowMs)},
		granted as (
			select organization_id, coalesce(
				nullif(sum(minutes) filter (where remaining_minutes > 0
					and (expires_at is null or expires_at > to_timestamp(${nowMs} / 1000.0))), 0),
				(array_agg(minutes order by created_at desc))[1])::int as minutes
			from minute_allocations group by 1),
		usual as (
			select organization_id, sum(billed_minutes) / ${USUAL_DAYS} as minutes from call_stats_daily
			where day < to_timestamp(${nowMs} / 1000.0)::date
				and day >= to_timestamp(${nowMs} / 1000.0)::date - ${USUAL_DAYS}::int group by 1)
		select f.id, f.name, f.billing_mode, f.remaining, coalesce(g.minutes, 0) as granted, f.balance,
			exists (select from balance_transactions t where t.organization_id = f.id) as is_wallet_used,
			f.refill_threshold as threshold, f.refill_state, round(f.used)::int as used,
			coalesce(u.minutes, 0)::int as usual, f.callable, f.guard_reason as pause_reason
		from fleet f
		left join granted g on g.organization_id = f.id
		left join usual u on u.organization_id = f.id
		where f.is_active and not f.is_archived`);
	return rows.flatMap((row) =>
		readCreditAlerts(toFigures(row)).map((reading) => ({
			...reading,
			organizationId: row.id,
			organizationName: row.name,
			subject: ''
		}))
	);
}

function toFigures(row: FiguresRow): CreditFigures {
	return {
		billingMode: row.billing_mode,
		remainingMinutes: row.remaining,
		grantedMinutes: row.granted,
		balanceMicros: parseMicros(row.balance),
		isWalletUsed: row.is_wallet_used,
		lowBalanceMicros: row.threshold === null ? LOW_BALANCE_MICROS : parseMicros(row.threshold),
		refillState: row.refill_state,
		hourMinutes: row.used,
		usualDayMinutes: row.usual,
		affordableMinutes: Number(row.callable),
		pauseReason: row.pause_reason
	};
}

/** What this process sees of the providers, and live calls that nobody hears of. */
export async function readPlatformAlerts(
	ctx: Context,
	tx: Pick<Database, 'execute'>
): Promise<ReadAlert[]> {
	const platform = { organizationId: null, organizationName: null };
	const silentSince = ctx.nowMs - SILENT_MS;
	const [silent] = await tx.execute<{ calls: number }>(sql`
		select count(*)::int as calls from credit_holds
		where state = 'open' and heard_at < to_timestamp(${silentSince} / 1000.0)`);
	const calls = silent?.calls ?? 0;
	const providers = Object.values(ctx.services.guards).map(({ health }): ReadAlert => ({
		...platform,
		kind: 'provider_down',
		subject: PROVIDER_NAMES[health.provider],
		level: health.state === 'open' ? 1 : 0,
		isWellAgain: health.state === 'closed',
		numbers: { failuresInARow: health.failuresInARow }
	}));
	const gap: ReadAlert = {
		...platform,
		kind: 'webhook_gap',
		subject: 'Deliveries',
		level: calls > 0 ? 1 : 0,
		isWellAgain: calls === 0,
		numbers: { calls }
	};
	return [...providers, gap];
}
