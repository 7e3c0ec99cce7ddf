import { inArray, sql } from 'drizzle-orm';
import { FleetInput, type FleetSort } from '$lib/inputs';
import type { FleetPageView, FleetRowView } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { organizationCallMinutes } from '../db/schema/index';
import { AppError } from '../errors';
import { selectMinutes } from '../minutes/minutes-rows';
import { parseInput } from '../parse';
import { listCreditsOf } from '../wallet/credit-rows';
import { fleetRows, sortKey } from './fleet-query';

const PAGE_ROWS = 100;

interface Fact extends Record<string, unknown> {
	id: number;
	timezone: string;
	is_archived: boolean;
	used: number;
	stuck_holds: number;
	has_failed_refill: boolean;
	updated_at: string;
	key: string | number;
}

interface Position {
	key: string | number;
	id: number;
}

/** A page of the fleet; without another wish those first who run out first. */
export async function listFleet({
	ctx,
	input
}: {
	ctx: Context;
	input: FleetInput;
}): Promise<FleetPageView> {
	requirePermission(ctx, 'fleet.read');
	const { search, sort, archived, cursor } = parseInput(FleetInput, input);
	const after = cursor === undefined ? null : readCursor(cursor, sort);
	const named = search
		? sql`and (name ilike ${`%${escapeLike(search)}%`} or id::text = ${search})`
		: sql``;
	const keyType = sort === 'name' ? sql`text` : sql`float8`;
	const beyond = after
		? sql`where (key, id) > (${after.key}::${keyType}, ${after.id}::int)`
		: sql``;
	const { db } = ctx.services.database;
	const facts = await db.execute<Fact>(sql`
		with ${fleetRows(ctx.nowMs)},
		sorted as (select *, ${sortKey(sort)} as key from fleet where is_archived = ${archived} ${named})
		select id, timezone, is_archived, used, stuck_holds, has_failed_refill, updated_at, key from sorted
		${beyond} order by key, id limit ${PAGE_ROWS + 1}`);
	const shown = facts.slice(0, PAGE_ROWS);
	const last = shown.at(-1);
	return {
		rows: await withCredit(ctx, shown),
		nextCursor: facts.length > PAGE_ROWS && last ? writeCursor(last) : null
	};
}

async function withCredit(ctx: Context, facts: Fact[]): Promise<FleetRowView[]> {
	if (facts.length === 0) return [];
	const { db } = ctx.services.database;
	const ids = facts.map(({ id }) => id);
	const [minutes, credits] = await Promise.all([
		selectMinutes(db, ctx.nowMs).where(inArray(organizationCallMinutes.organizationId, ids)),
		listCreditsOf(db, ids)
	]);
	const minutesOf = new Map(minutes.map((view) => [view.organizationId, view]));
	const creditsOf = new Map(credits.map((view) => [view.organizationId, view]));
	return facts.flatMap((fact) => {
		const [ofMinutes, ofWallet] = [minutesOf.get(fact.id), creditsOf.get(fact.id)];
		if (!ofMinutes || !ofWallet) return [];
		return [
			{
				organizationId: fact.id,
				minutes: ofMinutes,
				credits: ofWallet,
				timezone: fact.timezone,
				isArchived: fact.is_archived,
				minutesLastHour: Math.round(fact.used),
				stuckHolds: fact.stuck_holds,
				hasFailedRefill: fact.has_failed_refill,
				lastChangeAt: new Date(fact.updated_at).toISOString()
			}
		];
	});
}

function writeCursor({ key, id }: Position): string {
	return Buffer.from(JSON.stringify([key, id])).toString('base64url');
}

function readCursor(cursor: string, sort: FleetSort): Position {
	try {
		const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
		if (Array.isArray(read)) {
			const [key, id]: unknown[] = read;
			const isKey = typeof key === (sort === 'name' ? 'string' : 'number');
			if (isKey && (typeof key === 'string' || typeof key === 'number') && Number.isInteger(id)) {
				return { key, id: Number(id) };
			}
		}
	} catch {
		// Falls through: it is no cursor of this sort.
	}
	const sentence = 'cursor is not one of ours.';
	throw new AppError('invalid', sentence, { cursor: sentence });
}

function escapeLike(text: string): string {
	return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
