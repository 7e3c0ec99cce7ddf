import { and, eq, isNull, ne, or } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { readCallBackTime } from '$lib/domain/outcomes/call-back-time';
import type { DispositionKind } from '$lib/domain/outcomes/dispositions';
import type { RecordOutcomeInput } from '$lib/inputs';
import type { CallBackView, OutcomeView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context, Person } from '../context';
import { callBackTasks as tasks, callOutcomes, dispositions } from '../db/schema/index';
import { AppError } from '../errors';
import { inLiveTransaction, type Tell, type Transaction } from '../live/append';
import { findCallBack } from './call-back-rows';
import { setDoNotCall } from './mark-do-not-call';
import { findOutcome } from './outcome-rows';
import { getSpokenCall, type SpokenCall } from './spoken-call';
import { writeNote } from './write-note';

export interface RecordedOutcome {
	outcome: OutcomeView;
	/** What was promised in the call. */
	callBack: CallBackView | null;
}

/**
 * Says what became of a call, or corrects it. A call-back time becomes a task; whatever was promised to the
 * number before is kept with it, unless only a machine was reached. "Do not call" marks the contact, and a
 * correction takes the mark back.
 */
export async function recordOutcome({
	ctx,
	input
}: {
	ctx: Context;
	input: RecordOutcomeInput;
}): Promise<RecordedOutcome> {
	const person = requirePerson(ctx, 'outcomes.write');
	const organizationId = requireOrganizationId(person, undefined);
	return inLiveTransaction(ctx, organizationId, async (tx, tell) => {
		const call = await getSpokenCall(tx, person, organizationId, input.callId);
		const disposition = await getDisposition(tx, organizationId, input.dispositionId);
		const dueAt = readDueAt(ctx, disposition.kind, input.callBack);
		const before = await findOutcome(tx, organizationId, call.id);
		const mark = await applyMark(tx, ctx, call, before, disposition.kind);
		const row = {
			callId: call.id,
			organizationId,
			contactId: mark.contactId,
			dispositionId: disposition.id,
			userId: person.userId,
			markedDoNotCall: mark.isMarked,
			updatedAt: new Date(ctx.nowMs)
		};
		await tx
			.insert(callOutcomes)
			.values({ ...row, createdAt: row.updatedAt })
			.onConflictDoUpdate({ target: callOutcomes.callId, set: row });
		if (before !== null && before.dispositionId !== disposition.id) {
			await writeAudit(tx, ctx, {
				organizationId,
				action: 'outcome.change',
				before: { callId: call.id, outcome: before.label },
				after: { callId: call.id, outcome: disposition.label }
			});
		}
		if (input.note) await writeNote(tx, ctx, person, call, input.note);
		if (disposition.kind !== 'voicemail') await keepPromises(tx, ctx, call, tell);
		const callBack = await promise(tx, ctx, person, call, {
			contactId: mark.contactId,
			dueAt,
			timezone: input.callBack?.timezone ?? '',
			note: input.note?.text || null
		});
		if (callBack) tell('call_back:updated', callBack);
		const outcome = await findOutcome(tx, organizationId, call.id);
		if (!outcome) throw new Error(`The outcome of call ${call.id} is gone`);
		tell('outcome:updated', outcome);
		return { outcome, callBack: callBack?.state === 'open' ? callBack : null };
	});
}

async function getDisposition(tx: Transaction, organizationId: number, dispositionId: string) {
	const [found] = await tx
		.select()
		.from(dispositions)
		.where(
			and(eq(dispositions.organizationId, organizationId), eq(dispositions.id, dispositionId))
		);
	if (found?.isActive) return found;
	const sentence = 'dispositionId is not one that is offered. Load the page again and choose anew.';
	throw new AppError(found ? 'invalid' : 'not_found', sentence, { dispositionId: sentence });
}

function readDueAt(
	ctx: Context,
	kind: DispositionKind,
	callBack: RecordOutcomeInput['callBack']
): Date | null {
	if (callBack === undefined) {
		if (kind !== 'call_back') return null;
		const sentence = 'Say when to call back.';
		throw new AppError('invalid', sentence, { at: sentence });
	}
	const read = readCallBackTime(callBack.at, callBack.timezone, ctx.nowMs);
	if (!read.ok) throw new AppError('invalid', read.sentence, { [read.field]: read.sentence });
	return new Date(read.dueAtMs);
}

/** Marks the contact, or takes back a mark that the outcome before had made. */
async function applyMark(
	tx: Transaction,
	ctx: Context,
	call: SpokenCall,
	before: OutcomeView | null,
	kind: DispositionKind
): Promise<{ contactId: string | null; isMarked: boolean }> {
	const [earlier] = before
		? await tx
				.select({ isMarked: callOutcomes.markedDoNotCall })
				.from(callOutcomes)
				.where(eq(callOutcomes.callId, call.id))
		: [];
	const wasMarked = earlier?.isMarked ?? false;
	if (kind === 'do_not_call') {
		const { contactId, isChanged } = await setDoNotCall(tx, ctx, call, true);
		return { contactId, isMarked: isChanged || wasMarked };
	}
	if (!wasMarked)
		return { contactId: call.contactId ?? before?.contactId ?? null, isMarked: false };
	const { contactId } = await setDoNotCall(tx, ctx, call, false);
	return { contactId, isMarked: false };
}

/** What was promised to the number in earlier calls is done. */
async function keepPromises(tx: Transaction, ctx: Context, call: SpokenCall, tell: Tell) {
	const kept = await tx
		.update(tasks)
		.set({ state: 'done', doneByCallId: call.id, updatedAt: new Date(ctx.nowMs) })
		.where(
			and(
				eq(tasks.organizationId, call.organizationId),
				eq(tasks.to, call.to),
				eq(tasks.state, 'open'),
				or(isNull(tasks.callId), ne(tasks.callId, call.id))
			)
		)
		.returning({ id: tasks.id });
	for (const { id } of kept) {
		const view = await findCallBack(tx, call.organizationId, id);
		if (view) tell('call_back:updated', view);
	}
}

/** Writes down what was promised in this call, or takes it back. Returns what has changed. */
async function promise(
	tx: Transaction,
	ctx: Context,
	person: Person,
	call: SpokenCall,
	promised: {
		contactId: string | null;
		dueAt: Date | null;
		timezone: string;
		note: string | null;
	}
): Promise<CallBackView | null> {
	const { organizationId, to, id: callId } = call;
	const { dueAt, ...rest } = promised;
	const updatedAt = new Date(ctx.nowMs);
	if (dueAt === null) {
		const [taken] = await tx
			.update(tasks)
			.set({ state: 'cancelled', updatedAt })
			.where(
				and(
					eq(tasks.organizationId, organizationId),
					eq(tasks.callId, callId),
					eq(tasks.state, 'open')
				)
			)
			.returning({ id: tasks.id });
		return taken ? findCallBack(tx, organizationId, taken.id) : null;
	}
	const row = { ...rest, dueAt, state: 'open' as const, doneByCallId: null, updatedAt };
	const [made] = await tx
		.insert(tasks)
		.values({
			...row,
			id: uuid(),
			organizationId,
			userId: call.userId ?? person.userId,
			to,
			callId,
			createdAt: updatedAt
		})
		.onConflictDoUpdate({ target: tasks.callId, set: row })
		.returning({ id: tasks.id });
	return made ? findCallBack(tx, organizationId, made.id) : null;
}
