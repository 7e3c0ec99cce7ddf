import { and, desc, eq, sql } from 'drizzle-orm';
import type { ListCampaignsInput } from '$lib/inputs';
import type { CampaignProgressView, Page } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { campaigns } from '../db/schema/index';
import { AppError } from '../errors';
import { findNextDue, toProgress } from './campaign-rows';

const PAGE_ROWS = 25;
const CURSOR = /^(\d{1,15})_([0-9a-f-]{36})$/;

/** The campaigns of one's organisation, newest first. */
export async function listCampaigns({
	ctx,
	input
}: {
	ctx: Context;
	input: ListCampaignsInput;
}): Promise<Page<CampaignProgressView>> {
	const person = requirePerson(ctx, 'campaigns.read');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	const rows = await db
		.select()
		.from(campaigns)
		.where(and(eq(campaigns.organizationId, organizationId), after(input.cursor)))
		.orderBy(desc(campaigns.createdAt), desc(campaigns.id))
		.limit(PAGE_ROWS + 1);
	const shown = rows.slice(0, PAGE_ROWS);
	const last = shown.at(-1);
	return {
		rows: await Promise.all(
			shown.map(async (row) => {
				const next = row.status === 'running' ? await findNextDue(db, row.id) : null;
				return toProgress(row, next, ctx.nowMs);
			})
		),
		nextCursor: rows.length > PAGE_ROWS && last ? `${last.createdAt.getTime()}_${last.id}` : null
	};
}

function after(cursor: string | undefined) {
	if (cursor === undefined) return undefined;
	const [, ms, id] = CURSOR.exec(cursor) ?? [];
	if (ms === undefined || id === undefined) {
		throw new AppError('invalid', 'cursor is not one of ours.');
	}
	const at = sql`to_timestamp(${Number(ms)} / 1000.0)`;
	return sql`(date_trunc('milliseconds', ${campaigns.createdAt}), ${campaigns.id}) < (${at}, ${id}::uuid)`;
}
