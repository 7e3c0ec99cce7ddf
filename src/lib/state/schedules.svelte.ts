import { v7 as uuid } from 'uuid';
import { localDay, startOfLocalDay } from '$lib/domain/time-zone';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { AllocationScheduleView } from '$lib/views';

/** The day when it begins with it, which may be today; else the exact moment. */
function dayOrMoment({ nextRunAt, timezone }: AllocationScheduleView): string {
	const day = localDay(Date.parse(nextRunAt), timezone);
	return startOfLocalDay(day, timezone) === Date.parse(nextRunAt) ? day : nextRunAt;
}

/** The planned allocations of the fleet. */
export class Schedules {
	#client: TalktimeClient;
	#rows = $state.raw<AllocationScheduleView[]>([]);

	constructor(client: TalktimeClient, first: AllocationScheduleView[]) {
		this.#client = client;
		this.#rows = first;
	}

	get rows(): AllocationScheduleView[] {
		return this.#rows;
	}

	async refresh(): Promise<void> {
		try {
			this.#rows = await this.#client.admin.schedules.list.query({});
		} catch {
			// What is shown stays; the feed says by its state that the server cannot be reached.
		}
	}

	/** Returns null when it is cancelled, else why it is not. */
	async cancel({ id, organizationId }: AllocationScheduleView): Promise<string | null> {
		return this.#change(() =>
			this.#client.admin.schedules.cancel.mutate({ organizationId, scheduleId: id })
		);
	}

	/** Plans a cancelled one again, as it was. */
	async restore(schedule: AllocationScheduleView): Promise<string | null> {
		const { organizationId, minutes, reason, priority } = schedule;
		return this.#change(() =>
			this.#client.admin.schedules.create.mutate({
				...{ requestId: uuid(), organizationId, minutes, reason, priority },
				expiresAfterDays: schedule.expiresAfterDays ?? undefined,
				when:
					schedule.dayOfMonth === null
						? { kind: 'once', at: dayOrMoment(schedule) }
						: { kind: 'monthly', dayOfMonth: schedule.dayOfMonth }
			})
		);
	}

	async #change(send: () => Promise<unknown>): Promise<string | null> {
		try {
			await send();
		} catch (thrown) {
			return readRefusal(thrown).message;
		}
		await this.refresh();
		return null;
	}
}
