import { and, eq } from 'drizzle-orm';
import { readCallBackTime } from '$lib/domain/outcomes/call-back-time';
import type { ChangeCallBackInput } from '$lib/inputs';
import type { CallBackView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { callBackTasks as tasks } from '../db/schema/outcomes';
import { AppError } from '../errors';
import { inLiveTransaction } from '../live/append';
import { findCallBack } from './call-back-rows';

/** Moves a promised call to another time, closes it, or opens it again. An agent may change only their own. */
export async function changeCallBack({
	ctx,
	input
}: {
	ctx: Context;
	input: ChangeCallBackInput;
}): Promise<CallBackView> {
	const person = requirePerson(ctx, 'outcomes.write');
	const organizationId = requireOrganizationId(person, undefined);
	return inLiveTransaction(ctx, organizationId, async (tx, tell) => {
		const before = await findCallBack(tx, organizationId, input.taskId);
		if (!before) throw new AppError('not_found', 'There is no such call-back.');
		if (person.role === 'agent' && before.userId !== person.userId) {
			throw new AppError('forbidden', 'Only who promised the call, or a manager, may do this.');
		}
		await tx
			.update(tasks)
			.set({
				state: input.state ?? before.state,
				...(input.when && readWhen(ctx, input.when)),
				updatedAt: new Date(ctx.nowMs)
			})
			.where(and(eq(tasks.organizationId, organizationId), eq(tasks.id, before.id)));
		const after = await findCallBack(tx, organizationId, before.id);
		if (!after) throw new Error(`The call-back ${before.id} is gone`);
		tell('call_back:updated', after);
		return after;
	});
}

function readWhen(ctx: Context, { at, timezone }: NonNullable<ChangeCallBackInput['when']>) {
	const read = readCallBackTime(at, timezone, ctx.nowMs);
	if (!read.ok) throw new AppError('invalid', read.sentence, { [read.field]: read.sentence });
	return { dueAt: new Date(read.dueAtMs), timezone };
}
