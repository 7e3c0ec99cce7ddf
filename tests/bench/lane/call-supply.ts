/**
 * Live calls with open holds, as placing them would have left them, made by set-based statements. Their
 * next check is an hour away, so that no callback has to put it off, as none has in a call's first 22 s.
 */
import type postgres from 'postgres';
import type { BenchCall } from './callbacks';

export const HELD_MINUTES = 3;
const MINUTES_PER_ORGANIZATION = 10_000_000;
const CALLS_PER_FILL_MIN = 5_000;

/** Organisations, each with an agent and one allocation that outlasts the run. */
export async function createOrganizations(sql: postgres.Sql, count: number): Promise<number[]> {
	return sql.begin(async (tx) => {
		const organizations = await tx<{ id: number }[]>`
			insert into organizations (name, slug, is_trusted)
			select 'Bench ' || ${count}::int || '-' || n, 'bench-' || ${count}::int || '-' || n, true
			from generate_series(1, ${count}::int) n returning id`;
		const ids = organizations.map(({ id }) => id);
		await tx`insert into organization_call_minutes (organization_id, total_minutes)
			select unnest(${ids}::int[]), ${MINUTES_PER_ORGANIZATION}`;
		await tx`insert into call_balance (organization_id) select unnest(${ids}::int[])`;
		await tx`insert into users (id, organization_id, email, name, role, password_hash)
			select gen_random_uuid(), id, 'agent-' || id || '@bench.example', 'Agent ' || id, 'agent', '-'
			from unnest(${ids}::int[]) id`;
		await tx`insert into minute_allocations (id, organization_id, minutes, remaining_minutes, reason, created_at)
			select gen_random_uuid(), unnest(${ids}::int[]), ${MINUTES_PER_ORGANIZATION},
				${MINUTES_PER_ORGANIZATION}, 'bench', now()`;
		await tx`insert into call_minutes_allocation_history
				(organization_id, allocation_id, kind, minutes, reason, allocated_at)
			select organization_id, id, 'allocate', minutes, reason, created_at
			from minute_allocations where organization_id = any(${ids})`;
		return ids;
	});
}

/** Hands out live calls of some organisations, in turn one of each, and makes more when they run out. */
export class CallSupply {
	private readonly ready: BenchCall[] = [];

	constructor(
		private readonly sql: postgres.Sql,
		private readonly organizationIds: number[],
		private readonly fromNumber: string
	) {}

	async findReady(count: number): Promise<BenchCall[]> {
		const missing = count - this.ready.length;
		if (missing > 0) {
			this.ready.push(...(await this.fill(Math.max(missing, CALLS_PER_FILL_MIN))));
			// As autovacuum does after a while: plans are made for the tables as they are.
			await this.sql`analyze`;
		}
		return this.ready.slice(0, count);
	}

	/** The first `count` of them have been called and cannot be handed out again. */
	useUp(count: number): void {
		this.ready.splice(0, count);
	}

	private async fill(count: number): Promise<BenchCall[]> {
		return this.sql.begin(async (tx) => {
			await this.stage(tx, count);
			await tx`insert into contacts (id, organization_id, phone, name)
				select contact_id, organization_id, "to", 'Lead ' || "to" from new_calls`;
			await tx`insert into calls (id, organization_id, user_id, contact_id, provider, provider_call_id,
					submit_state, "from", "to", country, local_day, status, initiated_at, time_limit_seconds)
				select id, organization_id, user_id, contact_id, 'twilio', provider_call_id, 'accepted',
					${this.fromNumber}, "to", 'US', (now() at time zone 'UTC')::date, 'initiated', now(), 14400
				from new_calls order by n`;
			await tx`insert into credit_holds (id, organization_id, call_id, state, held_minutes, parts, expires_at,
					check_at, created_at)
				select gen_random_uuid(), organization_id, id, 'open', ${HELD_MINUTES},
					jsonb_build_array(jsonb_build_object('allocationId', allocation_id, 'minutes', ${HELD_MINUTES}::int)),
					now() + interval '4 hours', now() + interval '1 hour', now()
				from new_calls order by n`;
			await tx`insert into call_status_events (organization_id, call_id, source, status, raw_status, effect,
					occurred_at, received_at)
				select organization_id, id, 'placed', 'initiated', 'bench', 'advanced', now(), now()
				from new_calls order by n`;
			await this.count(tx);
			return tx<BenchCall[]>`select id, provider_call_id as "providerCallId", "to",
				talk_seconds as "talkSeconds" from new_calls order by n`;
		});
	}

	private async stage(tx: postgres.TransactionSql, count: number): Promise<void> {
		await tx`create temporary sequence if not exists call_number`;
		await tx`create temporary table new_calls on commit drop as
			select n, uuidv7() as id, gen_random_uuid() as contact_id, o.id as organization_id, u.id as user_id,
				a.id as allocation_id, 'CA' || md5(gen_random_uuid()::text) as provider_call_id,
				'+1' || 2000000000 + n as "to", (1 + n * 37 % ${HELD_MINUTES * 60})::int as talk_seconds
			from (select nextval('call_number') as n from generate_series(1, ${count}::int)) g
			join unnest(${this.organizationIds}::int[]) with ordinality o(id, place)
				on o.place = 1 + g.n % ${this.organizationIds.length}::int
			join users u on u.organization_id = o.id
			join minute_allocations a on a.organization_id = o.id`;
	}

	/** The counters that stand for the new calls elsewhere. */
	private async count(tx: postgres.TransactionSql): Promise<void> {
		await tx`update organization_call_minutes m set live_calls = live_calls + n.calls,
				held_minutes = held_minutes + n.calls * ${HELD_MINUTES}
			from (select organization_id, count(*)::int as calls from new_calls group by 1) n
			where m.organization_id = n.organization_id`;
		await tx`update minute_allocations a set held_minutes = held_minutes + n.calls * ${HELD_MINUTES}
			from (select allocation_id, count(*)::int as calls from new_calls group by 1) n
			where a.id = n.allocation_id`;
		await tx`insert into call_stats_daily as s (organization_id, day, country, total, completed, failed,
				cancelled, talk_seconds, billed_minutes)
			select organization_id, (now() at time zone 'UTC')::date, 'US', count(*), 0, 0, 0, 0, 0
			from new_calls group by 1
			on conflict (organization_id, day, country) do update set total = s.total + excluded.total`;
	}
}
