import { and, asc, desc, eq, gt } from 'drizzle-orm';
import type { TwilioEventsInput } from '$lib/inputs';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { calls, callStatusEvents } from '../db/schema/index';
import { requireKnownOrganization } from '../organizations/require-known';

export interface CallEventRow {
	id: number;
	callId: string;
	providerCallId: string | null;
	provider: string;
	to: string;
	source: string;
	status: string;
	rawStatus: string;
	effect: string;
	occurredAt: string;
	receivedAt: string;
}

export interface CallEventsPage {
	rows: CallEventRow[];
	/** Where the next reading begins: after the last event of this one. */
	cursor: string | null;
	hasMore: boolean;
}

/**
 * Events of an organisation's calls, oldest first after a cursor; without one the newest. A reader that
 * keeps the cursor of each answer sees every event once.
 */
export async function listCallEvents({
	ctx,
	input
}: {
	ctx: Context;
	input: TwilioEventsInput;
}): Promise<CallEventsPage> {
	const person = requirePerson(ctx, 'calls.read');
	const organizationId = requireOrganizationId(person, input.organizationId);
	await requireKnownOrganization(ctx, organizationId);
	const { since, limit } = input;
	const rows = await ctx.services.database.db
		.select({ event: callStatusEvents, call: calls })
		.from(callStatusEvents)
		.innerJoin(calls, eq(calls.id, callStatusEvents.callId))
		.where(
			and(
				eq(callStatusEvents.organizationId, organizationId),
				since === undefined ? undefined : gt(callStatusEvents.id, Number(since))
			)
		)
		.orderBy(since === undefined ? desc(callStatusEvents.id) : asc(callStatusEvents.id))
		.limit(limit + 1);
	const shown = rows.slice(0, limit);
	if (since === undefined) shown.reverse();
	return {
		rows: shown.map(({ event, call }) => ({
			id: event.id,
			callId: call.id,
			providerCallId: call.providerCallId,
			provider: call.provider,
			to: call.to,
			source: event.source,
			status: event.status,
			rawStatus: event.rawStatus,
			effect: event.effect,
			occurredAt: event.occurredAt.toISOString(),
			receivedAt: event.receivedAt.toISOString()
		})),
		cursor: shown.length > 0 ? String(shown.at(-1)?.event.id) : (since ?? null),
		hasMore: since !== undefined && rows.length > limit
	};
}
