import { and, desc, eq, sql } from 'drizzle-orm';
import type { ListAlertsInput } from '$lib/inputs';
import type { AlertInboxView } from '$lib/views';
import { requirePerson } from '../authorize';
import type { Context, Person } from '../context';
import { alertInboxes, alerts } from '../db/schema/index';
import { AppError } from '../errors';
import { selectAlerts, toAlertView } from './alert-rows';

const UNSEEN_SHOWN_MAX = 100;

/** The inbox, newest first: a member's of the organisation, a super admin's of everything. */
export async function listAlerts({
	ctx,
	input
}: {
	ctx: Context;
	input: ListAlertsInput;
}): Promise<AlertInboxView> {
	const person = requirePerson(ctx, 'alerts.read');
	const { db } = ctx.services.database;
	const rows = await selectAlerts(db)
		.where(and(whoseFor(person), input.cursor === undefined ? undefined : olderThan(input.cursor)))
		.orderBy(desc(alerts.raisedAt), desc(alerts.id))
		.limit(input.limit + 1);
	const views = rows.slice(0, input.limit).map(toAlertView);
	const last = views.at(-1);
	return {
		rows: views,
		nextCursor: rows.length > input.limit && last ? `${last.raisedAt}/${last.id}` : null,
		unseen: await countUnseen(ctx, person)
	};
}

/** Alerts that a person was told of and has not looked at, counted up to a hundred. */
export async function countUnseen(ctx: Context, person: Person): Promise<number> {
	const unseen = ctx.services.database.db
		.select({ id: alerts.id })
		.from(alerts)
		.leftJoin(alertInboxes, eq(alertInboxes.userId, person.userId))
		.where(
			and(
				whoseFor(person),
				eq(alerts.isTold, true),
				sql`${alerts.raisedAt} > coalesce(${alertInboxes.seenAt}, '-infinity')`
			)
		)
		.limit(UNSEEN_SHOWN_MAX);
	return (await unseen).length;
}

function whoseFor({ organizationId }: Person) {
	return organizationId === null ? undefined : eq(alerts.organizationId, organizationId);
}

function olderThan(cursor: string) {
	const [, raisedAt, id] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)\/([0-9a-f-]{36})$/.exec(cursor) ?? [];
	if (raisedAt === undefined) {
		const sentence = 'cursor is not one of ours.';
		throw new AppError('invalid', sentence, { cursor: sentence });
	}
	return sql`(${alerts.raisedAt}, ${alerts.id}) < (${raisedAt}::timestamptz, ${id}::uuid)`;
}
