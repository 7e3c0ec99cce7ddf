import { v7 as uuid } from 'uuid';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { GrantView } from '$lib/views';

const REASON = 'Undone right after it was allocated';

/** What undoing brought back: minutes taken back, minutes given back, and what went wrong. */
export interface Undone {
	takenMinutes: number;
	returnedMinutes: number;
	problem: string | null;
}

/** Takes back what grants have left, and gives back what setting a figure took. */
export async function undoGrants(client: TalktimeClient, grants: GrantView[]): Promise<Undone> {
	const undone: Undone = { takenMinutes: 0, returnedMinutes: 0, problem: null };
	for (const { organizationId, allocationId, takenMinutes } of grants) {
		try {
			if (allocationId !== null) {
				const target = { organizationId, allocationId, reason: REASON };
				undone.takenMinutes += (await client.admin.minutes.revoke.mutate(target)).revokedMinutes;
			}
			if (takenMinutes > 0) {
				await client.admin.minutes.grant.mutate({
					requestId: uuid(),
					organizationIds: [organizationId],
					mode: 'add',
					minutes: takenMinutes,
					reason: REASON
				});
				undone.returnedMinutes += takenMinutes;
			}
		} catch (thrown) {
			undone.problem = readRefusal(thrown).message;
		}
	}
	return undone;
}
