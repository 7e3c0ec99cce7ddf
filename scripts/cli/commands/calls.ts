import { StuckCallsInput } from '$lib/inputs';
import { listStuckCalls } from '$lib/server/calls/list-stuck-calls';
import { parseInput } from '$lib/server/parse';
import type { CommandLine } from '../command';
import { optionalNumber } from '../options';

export const callsCommands: CommandLine[] = [
	{
		words: ['calls', 'stuck'],
		usage: 'calls stuck [--org N] [--minutes M]',
		summary:
			'calls and deliveries that do not go on by themselves, nothing heard for M minutes (5)',
		required: [],
		optional: ['org', 'minutes'],
		async run(ctx, values) {
			const input = parseInput(StuckCallsInput, {
				organizationId: optionalNumber('org', values.org),
				minutes: optionalNumber('minutes', values.minutes)
			});
			const stuck = await listStuckCalls({ ctx, input });
			const lines = stuck.map(
				({ callId, deliveryId, organizationName, since, known, next, nextAt }) =>
					`${callId ?? deliveryId}  ${organizationName ?? 'nobody known'}  since ${since}  ${known} ${next}${nextAt ? ` (${nextAt})` : ''}`
			);
			return { line: lines.join('\n') || 'Nothing is stuck.', json: stuck };
		}
	}
];
