import type { z } from 'zod';
import type { FeedInput } from '$lib/inputs';
import { requireOrganizationId, requirePerson } from '../authorize';
import { isStillSignedIn } from '../auth/is-still-signed-in';
import type { Context } from '../context';
import { feed, type FeedEntry } from './feed';

/** Opens a person's stream: their organisation's, or for a super admin the fleet's. */
export function openFeed({
	ctx,
	input,
	signal
}: {
	ctx: Context;
	input: z.output<typeof FeedInput>;
	signal: AbortSignal | undefined;
}): AsyncGenerator<FeedEntry> {
	const person = requirePerson(ctx, input.scope === 'fleet' ? 'fleet.read' : 'live.read');
	const organizationId = input.scope === 'fleet' ? null : requireOrganizationId(person, undefined);
	return feed({
		services: ctx.services,
		organizationId,
		userId: person.userId,
		// On a reconnect the browser sends the id of the last item it saw; it is newer than the page's.
		cursor: input.lastEventId ?? input.cursor ?? null,
		signal: signal ?? new AbortController().signal,
		isStillAllowed: () => isStillSignedIn(ctx)
	});
}
