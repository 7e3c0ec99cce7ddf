/** What became of calls, and what was written down about them, for whoever shows calls or contacts. */
import { and, desc, eq, inArray, type SQL } from 'drizzle-orm';
import type { NoteView, OutcomeView } from '$lib/views';
import type { Database } from '../db/client';
import { callOutcomes, dispositions, notes, users } from '../db/schema/index';

type Reader = Pick<Database, 'select' | 'selectDistinctOn'>;

const columns = {
	outcome: callOutcomes,
	kind: dispositions.kind,
	label: dispositions.label,
	userName: users.name
};

/** Outcomes of calls, by call id. Calls nobody spoke of are missing. */
export async function readOutcomes(
	db: Reader,
	organizationId: number,
	callIds: string[]
): Promise<Map<string, OutcomeView>> {
	if (callIds.length === 0) return new Map();
	const rows = await selectOutcomes(db, organizationId, inArray(callOutcomes.callId, callIds));
	return new Map(rows.map((row) => [row.callId, row]));
}

/** The outcome of the newest call that has one, by contact id. */
export async function readLastOutcomes(
	db: Reader,
	organizationId: number,
	contactIds: string[]
): Promise<Map<string, OutcomeView>> {
	if (contactIds.length === 0) return new Map();
	const rows = await db
		.selectDistinctOn([callOutcomes.contactId], columns)
		.from(callOutcomes)
		.innerJoin(dispositions, eq(dispositions.id, callOutcomes.dispositionId))
		.innerJoin(users, eq(users.id, callOutcomes.userId))
		.where(
			and(
				eq(callOutcomes.organizationId, organizationId),
				inArray(callOutcomes.contactId, contactIds)
			)
		)
		.orderBy(callOutcomes.contactId, desc(callOutcomes.callId));
	return new Map(rows.map((row) => [row.outcome.contactId ?? '', toOutcomeView(row)]));
}

export async function findOutcome(
	db: Reader,
	organizationId: number,
	callId: string
): Promise<OutcomeView | null> {
	const [row] = await selectOutcomes(db, organizationId, eq(callOutcomes.callId, callId));
	return row ?? null;
}

async function selectOutcomes(
	db: Reader,
	organizationId: number,
	which: SQL
): Promise<OutcomeView[]> {
	const rows = await db
		.select(columns)
		.from(callOutcomes)
		.innerJoin(dispositions, eq(dispositions.id, callOutcomes.dispositionId))
		.innerJoin(users, eq(users.id, callOutcomes.userId))
		.where(and(eq(callOutcomes.organizationId, organizationId), which));
	return rows.map(toOutcomeView);
}

interface OutcomeRow {
	outcome: typeof callOutcomes.$inferSelect;
	kind: OutcomeView['kind'];
	label: string;
	userName: string;
}

function toOutcomeView({ outcome, kind, label, userName }: OutcomeRow): OutcomeView {
	return {
		organizationId: outcome.organizationId,
		callId: outcome.callId,
		contactId: outcome.contactId,
		dispositionId: outcome.dispositionId,
		kind,
		label,
		userId: outcome.userId,
		userName,
		updatedAt: outcome.updatedAt.toISOString()
	};
}

/** Notes of one call or one contact, newest first. */
export async function readNotes(
	db: Reader,
	organizationId: number,
	about: { callId: string } | { contactId: string } | { noteId: string },
	limit = 50
): Promise<NoteView[]> {
	const which =
		'callId' in about
			? eq(notes.callId, about.callId)
			: 'contactId' in about
				? eq(notes.contactId, about.contactId)
				: eq(notes.id, about.noteId);
	const rows = await db
		.select({ note: notes, userName: users.name })
		.from(notes)
		.innerJoin(users, eq(users.id, notes.userId))
		.where(and(eq(notes.organizationId, organizationId), which))
		.orderBy(desc(notes.id))
		.limit(limit);
	return rows.map(({ note, userName }) => ({
		id: note.id,
		organizationId: note.organizationId,
		callId: note.callId,
		contactId: note.contactId,
		text: note.text,
		userId: note.userId,
		userName,
		createdAt: note.createdAt.toISOString(),
		updatedAt: note.updatedAt.toISOString()
	}));
}
