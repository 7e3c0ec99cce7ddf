/**
 * What must be true whatever happened: no acknowledged callback is lost or applied twice, and each call was
 * dialled once and charged once. Reckoned from what the callers sent, not from what the product says of it.
 */
import type postgres from 'postgres';
import { reconcile } from '$lib/server/reconcile/reconcile';
import type { Acknowledged } from './callback-sender';
import type { Placement } from './call-placer';
import type { CarrierCall } from './carrier';
import { withContext } from './fault-stack';
import { DOLLARS_AT_FIRST, MINUTES_AT_FIRST, type Payer } from './payers';

export interface Findings {
	lost: string[];
	doubled: string[];
	/** Everything else that is wrong. */
	wrong: string[];
}

/** Calls whose dial never reached the phone company have no charge, and may be held a while longer. */
export interface Books {
	placements: Placement[];
	dialled: CarrierCall[];
	/** Whether holds of such calls have to be back. */
	requiresReleased: boolean;
}

const CENTS_PER_MINUTE = 10;

/** Looks up callbacks that were answered 2xx. */
export async function checkAcknowledged(
	sql: postgres.Sql,
	acknowledged: Acknowledged[]
): Promise<Pick<Findings, 'lost' | 'doubled'>> {
	const rows = await sql<{ key: string; rows: number; applied: number; events: number }[]>`
		select (body->>'CallSid') || ' ' || (body->>'SequenceNumber') as key, count(*)::int as rows,
			count(*) filter (where state = 'applied')::int as applied,
			coalesce(sum((select count(*) from call_status_events e where e.call_id = d.call_id
				and e.delivery_id = d.id)), 0)::int as events
		from deliveries d
		where provider_call_id = any(${[...new Set(acknowledged.map(({ sid }) => sid))]}) group by 1`;
	const stored = new Map(rows.map((row) => [row.key, row]));
	const lost: string[] = [];
	const doubled: string[] = [];
	for (const { sid, sequence, status } of acknowledged) {
		const row = stored.get(`${sid} ${sequence}`);
		const name = `callback ${sequence} (${status}) of ${sid}`;
		if (!row) lost.push(`${name} was answered 2xx and is not stored`);
		else if (row.applied < 1) lost.push(`${name} was answered 2xx and is not applied`);
		else if (row.rows > 1 || row.events !== 1) {
			doubled.push(`${name} has ${row.rows} rows and ${row.events} events`);
		}
	}
	return { lost, doubled };
}

interface CallRow {
	id: string;
	to: string;
	status: string;
	charges: number;
	minutes: number;
	cents: number;
	is_held: boolean;
}

export async function checkCalls(sql: postgres.Sql, books: Books): Promise<Findings> {
	const rows = await sql<CallRow[]>`
		select c.id, c."to", c.status, coalesce(u.rows, 0)::int + coalesce(t.rows, 0)::int as charges,
			coalesce(u.minutes, 0)::int as minutes, coalesce(round(t.dollars * 100), 0)::int as cents,
			exists (select from credit_holds h where h.call_id = c.id and h.state = 'open') as is_held
		from calls c
		left join (select call_id, count(*) as rows, sum(minutes_consumed) as minutes
			from call_minutes_usage_log where not is_external group by 1) u on u.call_id = c.id::text
		left join (select call_id, count(*) as rows, sum(amount) as dollars
			from balance_transactions where type = 'debit' group by 1) t on t.call_id = c.id`;
	const found: Findings = { lost: [], doubled: [], wrong: [] };
	const byNumber = groupByNumber(rows);
	const dialled = groupByNumber(books.dialled);
	for (const placement of books.placements) {
		const calls = byNumber.get(placement.to) ?? [];
		checkPlacement(placement, calls, dialled.get(placement.to) ?? [], books, found);
	}
	return found;
}

function groupByNumber<Item extends { to: string }>(items: Item[]): Map<string, Item[]> {
	const groups = new Map<string, Item[]>();
	for (const item of items) groups.set(item.to, [...(groups.get(item.to) ?? []), item]);
	return groups;
}

function checkPlacement(
	{ to, payer, callIds, refusals }: Placement,
	calls: CallRow[],
	dialled: CarrierCall[],
	books: Books,
	{ lost, doubled, wrong }: Findings
): void {
	if (refusals.length > 0) wrong.push(`${to} was refused: ${refusals[0]}`);
	if (dialled.length > 1) doubled.push(`${to} was dialled ${dialled.length} times`);
	if (calls.length > 1 || callIds.size > 1) doubled.push(`${to} has ${calls.length} calls`);
	const [call] = calls;
	const [told] = dialled;
	if (!call) {
		if (callIds.size > 0 || told) lost.push(`${to} was placed and is not stored`);
		return;
	}
	const minutes = told ? minutesOf(told) : 0;
	const isByWallet = payer.mode === 'wallet';
	const charged = isByWallet ? call.cents : call.minutes;
	const owed = isByWallet ? minutes * CENTS_PER_MINUTE : minutes;
	if (call.charges > 1) doubled.push(`${to} was charged ${call.charges} times`);
	if (charged !== owed) wrong.push(`${to} was charged ${charged}, not ${owed} (${payer.mode})`);
	const mustBeOver = told !== undefined || books.requiresReleased;
	if (mustBeOver && call.is_held) wrong.push(`${to} is still held (${call.status})`);
}

/** Begun minutes of talk. */
function minutesOf({ finalStatus, talkSeconds }: CarrierCall): number {
	return finalStatus === 'completed' ? Math.ceil(talkSeconds / 60) : 0;
}

/** The credit that is left, against what the calls of each organisation came to. */
export async function checkCredit(
	sql: postgres.Sql,
	payers: Payer[],
	{ placements, dialled }: Books
): Promise<string[]> {
	const byNumber = groupByNumber(dialled);
	const rows = await sql<{ id: number; used: number; cents: string }[]>`
		select m.organization_id as id, m.used_minutes as used, round(b.balance * 100)::text as cents
		from organization_call_minutes m join call_balance b on b.organization_id = m.organization_id`;
	return payers.flatMap(({ organizationId, mode }) => {
		const talked = placements
			.filter(({ payer }) => payer.organizationId === organizationId)
			.reduce((sum, { to }) => sum + minutesOfAll(byNumber.get(to) ?? []), 0);
		const row = rows.find(({ id }) => id === organizationId);
		const [left, owed] =
			mode === 'minutes'
				? [MINUTES_AT_FIRST - (row?.used ?? NaN), MINUTES_AT_FIRST - talked]
				: [Number(row?.cents), DOLLARS_AT_FIRST * 100 - talked * CENTS_PER_MINUTE];
		return left === owed ? [] : [`organisation ${organizationId} has ${left} left, not ${owed}`];
	});
}

function minutesOfAll(calls: CarrierCall[]): number {
	return calls.reduce((sum, call) => sum + minutesOf(call), 0);
}

/** The product's own check of its books. */
export async function listBreaches(databaseUrl: string): Promise<string[]> {
	return withContext(databaseUrl, async (ctx) => {
		const { invariants } = await reconcile({ ctx });
		return invariants
			.filter(({ ok }) => !ok)
			.map(({ name, breaches }) => `reconcile, ${name}: ${breaches.slice(0, 3).join('; ')}`);
	});
}
