import { and, asc, eq, gt, max } from 'drizzle-orm';
import { ListMembersInput } from '$lib/inputs';
import type { MembersView, MemberView } from '$lib/views';
import { requireOrganizationOf } from '../authorize';
import type { Context } from '../context';
import { sessions, users } from '../db/schema/index';
import { parseInput } from '../parse';

const COLUMNS = {
	id: users.id,
	name: users.name,
	email: users.email,
	role: users.role,
	disabledAt: users.disabledAt,
	totpEnabledAt: users.totpEnabledAt,
	createdAt: users.createdAt,
	lastSeenAt: max(sessions.lastSeenAt)
};

/** The address that `erase_member` leaves (drizzle/0018_erasure.sql). */
const ERASED_ADDRESS = /^erased-.+@erased\.invalid$/;

/** The people of an organisation in the order they came, those who may no longer sign in among them. */
export async function listMembers({
	ctx,
	input
}: {
	ctx: Context;
	input: ListMembersInput;
}): Promise<MembersView> {
	const organizationId = requireOrganizationOf(ctx, 'team.read', input.organizationId);
	const { cursor, limit } = parseInput(ListMembersInput, input);
	const rows = await ctx.services.database.db
		.select(COLUMNS)
		.from(users)
		.leftJoin(sessions, eq(sessions.userId, users.id))
		.where(
			and(
				eq(users.organizationId, organizationId),
				cursor === undefined ? undefined : gt(users.id, cursor)
			)
		)
		.groupBy(users.id)
		.orderBy(asc(users.id))
		.limit(limit + 1);
	const members = rows.slice(0, limit).map(toMemberView);
	return { members, nextCursor: rows.length > limit ? (members.at(-1)?.id ?? null) : null };
}

interface MemberRow {
	id: string;
	name: string;
	email: string;
	role: 'super_admin' | 'manager' | 'agent';
	disabledAt: Date | null;
	totpEnabledAt: Date | null;
	createdAt: Date;
	lastSeenAt: Date | null;
}

function toMemberView({ disabledAt, totpEnabledAt, ...row }: MemberRow): MemberView {
	return {
		id: row.id,
		name: row.name,
		email: row.email,
		role: row.role === 'manager' ? 'manager' : 'agent',
		isActive: disabledAt === null,
		isErased: ERASED_ADDRESS.test(row.email),
		hasTotp: totpEnabledAt !== null,
		lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
		createdAt: row.createdAt.toISOString()
	};
}
