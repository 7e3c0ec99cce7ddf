import { and, desc, eq, lt } from 'drizzle-orm';
import type { BlockCode } from '$lib/domain/credit/blocks';
import type { ListBlocksInput } from '$lib/inputs';
import type { Page, RefusedCallView } from '$lib/views';
import { readableOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { blocks, contacts, organizations, users } from '../db/schema/index';

const PAGE_ROWS = 20;

/** Refused calls, newest first: an agent sees their own, a manager everyone's, a super admin the fleet's. */
export async function listBlocks({
	ctx,
	input
}: {
	ctx: Context;
	input: ListBlocksInput;
}): Promise<Page<RefusedCallView>> {
	const person = requirePerson(ctx, 'calls.read');
	const organizationId = readableOrganizationId(ctx, input.organizationId);
	const rows = await ctx.services.database.db
		.select({
			block: blocks,
			organizationName: organizations.name,
			userName: users.name,
			contactName: contacts.name
		})
		.from(blocks)
		.innerJoin(organizations, eq(organizations.id, blocks.organizationId))
		.leftJoin(users, eq(users.id, blocks.userId))
		.leftJoin(
			contacts,
			and(eq(contacts.organizationId, blocks.organizationId), eq(contacts.phone, blocks.to))
		)
		.where(
			and(
				organizationId === null ? undefined : eq(blocks.organizationId, organizationId),
				person.role === 'agent' ? eq(blocks.userId, person.userId) : undefined,
				input.cursor === undefined ? undefined : lt(blocks.id, Number(input.cursor))
			)
		)
		.orderBy(desc(blocks.id))
		.limit(PAGE_ROWS + 1);
	const shown = rows.slice(0, PAGE_ROWS);
	return {
		rows: shown.map(({ block, ...names }) => ({
			id: block.id,
			organizationId: block.organizationId,
			...names,
			to: block.to,
			// Written by the lane, from a block of the domain.
			code: block.code as BlockCode,
			message: block.message,
			wayOut: block.wayOut,
			numbers: block.numbers,
			createdAt: block.createdAt.toISOString()
		})),
		nextCursor: rows.length > PAGE_ROWS ? String(shown.at(-1)?.block.id) : null
	};
}
