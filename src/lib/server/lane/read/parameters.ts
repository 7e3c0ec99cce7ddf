/** What a batch names, as the parameters of the lane's statements: arrays in PostgreSQL's own text form. */
import { sql, type SQL } from 'drizzle-orm';
import { writeStatement, type Statement } from '../../db/prepared';
import type { Named } from './named';

export type Parameters = Readonly<Record<string, string>>;

/** @returns a literal of an array: `{"a","b"}` */
export function toArray(values: Iterable<string | number>): string {
	const items = [...values].map((value) =>
		typeof value === 'number' ? String(value) : `"${value.replace(/["\\]/g, '\\$&')}"`
	);
	return `{${items.join(',')}}`;
}

export function toParameters(named: Named): Parameters {
	return {
		organizationIds: toArray(new Set(named.organizationIds)),
		callIds: toArray(named.callIds),
		newCallIds: toArray(named.newCallIds),
		providers: toArray(named.providerCalls.map(({ provider }) => provider)),
		providerCallIds: toArray(named.providerCalls.map(({ id }) => id)),
		parentProviders: toArray(named.parentCalls.map(({ provider }) => provider)),
		parentCallIds: toArray(named.parentCalls.map(({ id }) => id)),
		keyOwners: toArray(named.idempotencyKeys.map(({ organizationId }) => organizationId)),
		idempotencyKeys: toArray(named.idempotencyKeys.map(({ key }) => key)),
		numberOwners: toArray(named.numbers.map(({ organizationId }) => organizationId)),
		numbers: toArray(named.numbers.map(({ to }) => to)),
		boundCallIds: toArray(named.boundIds.map(({ callId }) => callId)),
		boundIds: toArray(named.boundIds.map(({ id }) => id)),
		deliveryProviders: toArray(named.dedupeKeys.map(({ provider }) => provider)),
		dedupeKeys: toArray(named.dedupeKeys.map(({ key }) => key)),
		consumptionOwners: toArray(named.consumptions.map(({ organizationId }) => organizationId)),
		consumptionCallIds: toArray(named.consumptions.map(({ callId }) => callId)),
		allocationIds: toArray(named.allocationIds),
		transactionIds: toArray(named.transactionIds),
		paymentIds: toArray(named.paymentIds),
		campaignIds: toArray(named.campaignIds),
		budgetIds: toArray(named.budgetIds)
	};
}

/** An array parameter: `$1::int[]`. */
export function array(name: string, type: 'int' | 'uuid' | 'text' | 'date'): SQL {
	return sql`${sql.placeholder(name)}::${sql.raw(type)}[]`;
}

/**
 * Ways to name a call, each found by a unique index of its own: asked for one by one, not joined, so that
 * the index is looked into at its key whatever the planner knows of the table yet.
 */
const CALLS_NAMED_BY = {
	callIds: array('callIds', 'uuid'),
	newCallIds: array('newCallIds', 'uuid'),
	providerCalls: sql`array(
		select (select c.id from calls c where c.provider = n.provider and c.provider_call_id = n.id)
		from unnest(${array('providers', 'text')}, ${array('providerCallIds', 'text')}) as n(provider, id))`,
	parentCalls: sql`array(
		select (select c.id from calls c where c.provider = n.provider and c.parent_call_id = n.id)
		from unnest(${array('parentProviders', 'text')}, ${array('parentCallIds', 'text')}) as n(provider, id))`,
	idempotencyKeys: sql`array(
		select (select c.id from calls c where c.organization_id = n.owner and c.idempotency_key = n.key)
		from unnest(${array('keyOwners', 'int')}, ${array('idempotencyKeys', 'text')}) as n(owner, key))`,
	numbers: sql`array(
		select (select c.id from calls c where c.organization_id = n.owner and c."to" = n.number
			and c.status in ('initiated', 'ringing', 'in_progress'))
		from unnest(${array('numberOwners', 'int')}, ${array('numbers', 'text')}) as n(owner, number))`
};
export type Way = keyof typeof CALLS_NAMED_BY;

/** A statement about the calls that are named in some of the ways: written once for each set of ways. */
export function writeByWay(
	write: (callIds: SQL) => SQL
): (named: Named, ways: readonly Way[]) => Statement {
	const written = new Map<string, Statement>();
	return (named, ways) => {
		const used = ways.filter((way) => named[way].length > 0);
		const key = used.join();
		const statement = written.get(key) ?? writeStatement(write(joinWays(used)));
		written.set(key, statement);
		return statement;
	};
}

function joinWays(ways: Way[]): SQL {
	if (ways.length === 0) return sql`'{}'::uuid[]`;
	return sql`(${sql.join(
		ways.map((way) => CALLS_NAMED_BY[way]),
		sql` || `
	)})`;
}
