import { and, asc, desc, eq, lte, type SQL } from 'drizzle-orm';
import type { CallBackView } from '$lib/views';
import type { Database } from '../db/client';
import { callBackTasks as tasks, contacts, users } from '../db/schema/index';

type Reader = Pick<Database, 'select'>;

function selectCallBacks(db: Reader, organizationId: number, which: SQL | undefined) {
	return db
		.select({ task: tasks, contactName: contacts.name, userName: users.name })
		.from(tasks)
		.innerJoin(users, eq(users.id, tasks.userId))
		.leftJoin(contacts, eq(contacts.id, tasks.contactId))
		.where(and(eq(tasks.organizationId, organizationId), which))
		.$dynamic();
}

type CallBackRow = Awaited<ReturnType<typeof selectCallBacks>>[number];

function toCallBackView({ task, contactName, userName }: CallBackRow): CallBackView {
	return {
		id: task.id,
		organizationId: task.organizationId,
		contactId: task.contactId,
		contactName,
		to: task.to,
		userId: task.userId,
		userName,
		callId: task.callId,
		dueAt: task.dueAt.toISOString(),
		timezone: task.timezone,
		note: task.note,
		state: task.state,
		updatedAt: task.updatedAt.toISOString()
	};
}

/** Open ones, the most urgent first: of one person, or of everyone. */
export async function readOpenCallBacks(
	db: Reader,
	organizationId: number,
	{ userId, dueBefore, limit }: { userId: string | null; dueBefore?: Date; limit: number }
): Promise<CallBackView[]> {
	const which = and(
		eq(tasks.state, 'open'),
		userId === null ? undefined : eq(tasks.userId, userId),
		dueBefore && lte(tasks.dueAt, dueBefore)
	);
	const rows = await selectCallBacks(db, organizationId, which)
		.orderBy(asc(tasks.dueAt), asc(tasks.id))
		.limit(limit);
	return rows.map(toCallBackView);
}

/** Those promised to a number and not made yet, the most urgent first. */
export async function readOpenCallBacksOfNumber(
	db: Reader,
	organizationId: number,
	to: string
): Promise<CallBackView[]> {
	const which = and(eq(tasks.state, 'open'), eq(tasks.to, to));
	const rows = await selectCallBacks(db, organizationId, which).orderBy(asc(tasks.dueAt)).limit(5);
	return rows.map(toCallBackView);
}

/** Of one contact, open or not, the latest first. */
export async function readCallBacksOfContact(
	db: Reader,
	organizationId: number,
	contactId: string,
	limit = 20
): Promise<CallBackView[]> {
	const rows = await selectCallBacks(db, organizationId, eq(tasks.contactId, contactId))
		.orderBy(desc(tasks.dueAt))
		.limit(limit);
	return rows.map(toCallBackView);
}

export async function findCallBack(
	db: Reader,
	organizationId: number,
	id: string
): Promise<CallBackView | null> {
	const [row] = await selectCallBacks(db, organizationId, eq(tasks.id, id));
	return row ? toCallBackView(row) : null;
}
