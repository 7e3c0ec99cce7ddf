import { v7 as uuid } from 'uuid';
import { AllocateMinutesInput, RevokeAllocationInput } from '$lib/inputs';
import { allocateMinutes } from '$lib/server/minutes/allocate-minutes';
import { revokeAllocation } from '$lib/server/minutes/revoke-allocation';
import { parseInput } from '$lib/server/parse';
import { wholeNumber } from '../options';
import type { CommandLine } from '../command';

export const minutesCommands: CommandLine[] = [
	{
		words: ['minutes', 'allocate'],
		usage: 'minutes allocate --org N --minutes M --reason R',
		summary: 'grant minutes',
		required: ['org', 'minutes', 'reason'],
		optional: [],
		async run(ctx, values) {
			const input = parseInput(AllocateMinutesInput, {
				requestId: uuid(),
				organizationId: wholeNumber('org', values.org),
				minutes: wholeNumber('minutes', values.minutes),
				reason: values.reason
			});
			const minutes = await allocateMinutes({ ctx, input });
			return {
				line: `Allocated ${input.minutes} minutes to ${minutes.organizationName}: ${minutes.remainingMinutes} left.`,
				json: minutes
			};
		}
	},
	{
		words: ['minutes', 'revoke'],
		usage: 'minutes revoke --org N --allocation ID --reason R',
		summary: 'take back what an allocation has left',
		required: ['org', 'allocation', 'reason'],
		optional: [],
		async run(ctx, values) {
			const input = parseInput(RevokeAllocationInput, {
				organizationId: wholeNumber('org', values.org),
				allocationId: values.allocation,
				reason: values.reason
			});
			const revoked = await revokeAllocation({ ctx, input });
			return { line: `Revoked ${revoked.revokedMinutes} minutes.`, json: revoked };
		}
	}
];
