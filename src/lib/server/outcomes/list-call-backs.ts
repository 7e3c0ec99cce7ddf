import type { ListCallBacksInput } from '$lib/inputs';
import type { CallBackView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { readOpenCallBacks } from './call-back-rows';

/** More than anybody can call back; the most urgent come first. */
const SHOWN_MAX = 100;

/** Calls that are promised, the most urgent first: one's own, or for a manager everyone's. */
export async function listCallBacks({
	ctx,
	input
}: {
	ctx: Context;
	input: ListCallBacksInput;
}): Promise<CallBackView[]> {
	const person = requirePerson(ctx, 'outcomes.read');
	const organizationId = requireOrganizationId(person, undefined);
	if (input.ofEveryone && person.role === 'agent') {
		throw new AppError('forbidden', 'Only a manager sees the call-backs of everyone.');
	}
	const userId = input.ofEveryone ? null : person.userId;
	return readOpenCallBacks(ctx.services.database.db, organizationId, { userId, limit: SHOWN_MAX });
}
