import { and, desc, eq, gte, like, lt, or, type SQL } from 'drizzle-orm';
import type { ListAuditInput } from '$lib/inputs';
import type { AuditActorView, AuditRowView, Page } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { auditLog, organizations, users } from '../db/schema/index';

const PAGE_ROWS = 50;
const ACTORS_MAX = 100;

/** Every change, newest first: who, when, from where, before and after. */
export async function listAudit({
	ctx,
	input
}: {
	ctx: Context;
	input: ListAuditInput;
}): Promise<Page<AuditRowView>> {
	requirePermission(ctx, 'audit.read');
	const rows = await ctx.services.database.db
		.select({
			entry: auditLog,
			organizationName: organizations.name,
			actorName: users.name,
			actorEmail: users.email
		})
		.from(auditLog)
		.leftJoin(organizations, eq(organizations.id, auditLog.organizationId))
		.leftJoin(users, eq(users.id, auditLog.actorUserId))
		.where(and(...filtersOf(input)))
		.orderBy(desc(auditLog.id))
		.limit(PAGE_ROWS + 1);
	const shown = rows.slice(0, PAGE_ROWS);
	return {
		rows: shown.map(({ entry, ...names }) => ({
			...names,
			id: entry.id,
			organizationId: entry.organizationId,
			actorKind: entry.actorKind,
			actorUserId: entry.actorUserId,
			action: entry.action,
			before: recordOf(entry.before),
			after: recordOf(entry.after),
			address: entry.address,
			requestId: entry.requestId,
			createdAt: entry.createdAt.toISOString()
		})),
		nextCursor: rows.length > PAGE_ROWS ? String(shown.at(-1)?.entry.id) : null
	};
}

/** The people a super admin may ask about first: their own kind, who change things everywhere. */
export async function listAuditActors({ ctx }: { ctx: Context }): Promise<AuditActorView[]> {
	requirePermission(ctx, 'audit.read');
	return ctx.services.database.db
		.select({ userId: users.id, name: users.name, email: users.email })
		.from(users)
		.where(eq(users.role, 'super_admin'))
		.orderBy(users.name)
		.limit(ACTORS_MAX);
}

function filtersOf(input: ListAuditInput): (SQL | undefined)[] {
	const { organizationId, actorUserId, action, from, until, cursor } = input;
	return [
		organizationId === undefined ? undefined : eq(auditLog.organizationId, organizationId),
		actorUserId === undefined ? undefined : eq(auditLog.actorUserId, actorUserId),
		action === undefined
			? undefined
			: or(eq(auditLog.action, action), like(auditLog.action, `${action}.%`)),
		from === undefined ? undefined : gte(auditLog.createdAt, new Date(from)),
		until === undefined ? undefined : lt(auditLog.createdAt, new Date(until)),
		cursor === undefined ? undefined : lt(auditLog.id, Number(cursor))
	];
}

/** What was written is always an object; what is not, is shown as nothing. */
function recordOf(value: unknown): Record<string, unknown> | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}
