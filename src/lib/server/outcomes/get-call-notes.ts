import { and, eq } from 'drizzle-orm';
import type { AboutCallInput } from '$lib/inputs';
import type { NoteView, OutcomeView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { calls } from '../db/schema/index';
import { AppError } from '../errors';
import { findOutcome, readNotes } from './outcome-rows';

export interface CallNotes {
	outcome: OutcomeView | null;
	notes: NoteView[];
}

/** What became of a call, and what was written down about it. */
export async function getCallNotes({
	ctx,
	input: { callId }
}: {
	ctx: Context;
	input: AboutCallInput;
}): Promise<CallNotes> {
	const person = requirePerson(ctx, 'outcomes.read');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	const own = and(eq(calls.organizationId, organizationId), eq(calls.id, callId));
	const [call] = await db.select({ id: calls.id }).from(calls).where(own);
	if (!call) throw new AppError('not_found', 'There is no such call.');
	const [outcome, notes] = await Promise.all([
		findOutcome(db, organizationId, callId),
		readNotes(db, organizationId, { callId })
	]);
	return { outcome, notes };
}
