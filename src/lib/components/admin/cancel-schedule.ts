import { toast } from 'svelte-sonner';
import type { Schedules } from '$lib/state/schedules.svelte';
import type { AllocationScheduleView } from '$lib/views';
import { plural } from '../format/numbers';

const UNDO_MS = 10_000;

/** Cancels a planned allocation and offers to plan it again. */
export async function cancelSchedule(
	schedules: Schedules,
	schedule: AllocationScheduleView
): Promise<void> {
	const problem = await schedules.cancel(schedule);
	if (problem !== null) return void toast.error(problem);
	toast.success(
		`${plural(schedule.minutes, 'minute')} for ${schedule.organizationName} cancelled`,
		{
			description: 'What was granted before stays.',
			duration: UNDO_MS,
			action: { label: 'Undo', onClick: () => void restore(schedules, schedule) }
		}
	);
}

async function restore(schedules: Schedules, schedule: AllocationScheduleView): Promise<void> {
	const problem = await schedules.restore(schedule);
	if (problem !== null) toast.error(problem);
}
