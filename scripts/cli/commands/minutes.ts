import { v7 as uuid } from 'uuid';
import {
	AllocateMinutesInput,
	CancelScheduleInput,
	ListSchedulesInput,
	RevokeAllocationInput,
	ScheduleAllocationInput
} from '$lib/inputs';
import { allocateMinutes } from '$lib/server/minutes/allocate-minutes';
import { cancelSchedule } from '$lib/server/minutes/cancel-schedule';
import { listSchedules } from '$lib/server/minutes/list-schedules';
import { revokeAllocation } from '$lib/server/minutes/revoke-allocation';
import { scheduleAllocation } from '$lib/server/minutes/schedule-allocation';
import { parseInput } from '$lib/server/parse';
import { optionalNumber, UsageError, wholeNumber } from '../options';
import type { CommandLine } from '../command';

export const minutesCommands: CommandLine[] = [
	{
		words: ['minutes', 'allocate'],
		usage: 'minutes allocate --org N --minutes M --reason R [--priority P]',
		summary: 'grant minutes',
		required: ['org', 'minutes', 'reason'],
		optional: ['priority'],
		async run(ctx, values) {
			const input = parseInput(AllocateMinutesInput, {
				requestId: uuid(),
				organizationId: wholeNumber('org', values.org),
				minutes: wholeNumber('minutes', values.minutes),
				reason: values.reason,
				priority: optionalNumber('priority', values.priority)
			});
			const minutes = await allocateMinutes({ ctx, input });
			return {
				line: `Allocated ${input.minutes} minutes to ${minutes.organizationName}: ${minutes.remainingMinutes} left.`,
				json: minutes
			};
		}
	},
	{
		words: ['minutes', 'schedule'],
		usage:
			'minutes schedule --org N --minutes M --reason R (--monthly D | --at T) [--priority P] [--expires-after-days D]',
		summary: 'grant minutes later, or every month',
		required: ['org', 'minutes', 'reason'],
		optional: ['monthly', 'at', 'priority', 'expires-after-days'],
		async run(ctx, values) {
			if ((values.monthly === undefined) === (values.at === undefined)) {
				throw new UsageError('Give either --monthly with a day, or --at with a date.');
			}
			const input = parseInput(ScheduleAllocationInput, {
				requestId: uuid(),
				organizationId: wholeNumber('org', values.org),
				minutes: wholeNumber('minutes', values.minutes),
				reason: values.reason,
				priority: optionalNumber('priority', values.priority),
				expiresAfterDays: optionalNumber('expires-after-days', values['expires-after-days']),
				when:
					values.at === undefined
						? { kind: 'monthly', dayOfMonth: wholeNumber('monthly', values.monthly) }
						: { kind: 'once', at: values.at }
			});
			const schedule = await scheduleAllocation({ ctx, input });
			return {
				line: `Planned ${schedule.minutes} minutes for ${schedule.organizationName}: next at ${schedule.nextRunAt}, schedule ${schedule.id}.`,
				json: schedule
			};
		}
	},
	{
		words: ['minutes', 'schedules'],
		usage: 'minutes schedules [--org N]',
		summary: 'list planned grants',
		required: [],
		optional: ['org'],
		async run(ctx, values) {
			const input = parseInput(ListSchedulesInput, {
				organizationId: optionalNumber('org', values.org)
			});
			const schedules = await listSchedules({ ctx, input });
			const lines = schedules.map(
				({ id, organizationName, minutes, nextRunAt, kind, reason }) =>
					`${id}  ${organizationName}  ${minutes} min  ${kind}  next at ${nextRunAt}  ${reason}`
			);
			return { line: lines.join('\n') || 'Nothing is planned.', json: schedules };
		}
	},
	{
		words: ['minutes', 'unschedule'],
		usage: 'minutes unschedule --org N --schedule ID',
		summary: 'cancel a planned grant',
		required: ['org', 'schedule'],
		optional: [],
		async run(ctx, values) {
			const input = parseInput(CancelScheduleInput, {
				organizationId: wholeNumber('org', values.org),
				scheduleId: values.schedule
			});
			const cancelled = await cancelSchedule({ ctx, input });
			return { line: `Cancelled schedule ${input.scheduleId}.`, json: cancelled };
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
