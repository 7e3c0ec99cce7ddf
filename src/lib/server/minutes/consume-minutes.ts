import type { ConsumeMinutesInput } from '$lib/inputs';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';

export interface ConsumedMinutes {
	duplicate: boolean;
	minutesConsumed: number;
	remainingMinutes: number;
	shortfallMinutes: number;
}

/** Books minutes an integration used. Its `callId` is the key: a repeat changes nothing. */
export async function consumeMinutes({
	ctx,
	input
}: {
	ctx: Context;
	input: ConsumeMinutesInput;
}): Promise<ConsumedMinutes> {
	const person = requirePerson(ctx, 'minutes.consume');
	const organizationId = requireOrganizationId(person, input.organizationId);
	const callStartMs = Date.parse(input.callStartTime);
	const callEndMs = Date.parse(input.callEndTime);
	if (callEndMs < callStartMs) {
		const sentence = 'call_end_time must not be before call_start_time.';
		throw new AppError('invalid', sentence, { callEndTime: sentence });
	}
	const result = await ctx.services.lane.submit({
		kind: 'consume',
		organizationId,
		externalCallId: input.callId,
		minutes: input.minutesConsumed,
		callStartMs,
		callEndMs
	});
	if (result.kind === 'unknown_organization') {
		throw new AppError('not_found', 'organization_id names no organisation.');
	}
	return {
		duplicate: result.repeated,
		minutesConsumed: result.minutes,
		remainingMinutes: result.remainingMinutes,
		shortfallMinutes: result.shortMinutes
	};
}
