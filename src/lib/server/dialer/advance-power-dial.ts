import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import { possibleZones } from '$lib/domain/campaigns/lead-zones';
import { judgeLead, type PowerVerdict } from '$lib/domain/dial/power-lead';
import type { Context } from '../context';
import {
	callBackTasks,
	calls,
	contacts,
	leadListMembers as members,
	powerDials
} from '../db/schema/index';
import type { Transaction } from '../live/append';
import { readLastOutcomes } from '../outcomes/outcome-rows';
import { readCallingHours } from '../campaigns/calling-hours';

type PowerDial = typeof powerDials.$inferSelect;
type Contact = typeof contacts.$inferSelect;

/** Leads looked at together. */
const BATCH = 100;
const LIVE = ['initiated', 'ringing', 'in_progress'] as const;

const COUNTERS = {
	offer: 'offered',
	do_not_call: 'skippedDoNotCall',
	done: 'skippedDone',
	taken: 'skippedTaken',
	hours: 'skippedHours'
} as const satisfies Record<PowerVerdict, keyof PowerDial>;

/**
 * Goes on to the next lead that may be called, under the lock of the row; the end of the list ends it.
 * @param dial as it is locked
 */
export async function advancePowerDial(
	tx: Transaction,
	ctx: Context,
	dial: PowerDial
): Promise<void> {
	const hours = await readCallingHours(tx, dial.organizationId);
	const rules = { startedAtMs: dial.startedAt.getTime(), hours };
	const next = { ...dial, contactId: null as string | null };
	while (next.contactId === null) {
		const batch = await readBatch(tx, next);
		const facts = await readFacts(tx, ctx, dial.organizationId, batch);
		for (const { contact, position } of batch) {
			const verdict = judgeLead(
				{
					doNotCall: contact.doNotCall,
					zones: possibleZones(contact),
					lastCalledAtMs: contact.lastCalledAt?.getTime() ?? null,
					isOnCall: facts.onCall.has(contact.phone),
					isPromised: facts.promised.has(contact.phone),
					lastOutcome: facts.outcomes.get(contact.id)?.kind ?? null
				},
				rules,
				ctx.nowMs
			);
			next.position = position;
			next[COUNTERS[verdict]] += 1;
			if (verdict !== 'offer') continue;
			next.contactId = contact.id;
			break;
		}
		if (batch.length < BATCH && next.contactId === null) {
			next.state = 'finished';
			break;
		}
	}
	await tx
		.update(powerDials)
		.set({ ...next, updatedAt: new Date(ctx.nowMs) })
		.where(eq(powerDials.id, dial.id));
}

async function readBatch(
	tx: Transaction,
	dial: PowerDial
): Promise<{ contact: Contact; position: number }[]> {
	return tx
		.select({ contact: contacts, position: members.position })
		.from(members)
		.innerJoin(contacts, eq(contacts.id, members.contactId))
		.where(
			and(
				eq(members.organizationId, dial.organizationId),
				eq(members.leadListId, dial.leadListId),
				gt(members.position, dial.position)
			)
		)
		.orderBy(asc(members.position))
		.limit(BATCH);
}

async function readFacts(
	tx: Transaction,
	ctx: Context,
	organizationId: number,
	batch: { contact: Contact }[]
) {
	if (batch.length === 0) {
		return { onCall: new Set(), promised: new Set(), outcomes: new Map<string, never>() };
	}
	const numbers = batch.map(({ contact }) => contact.phone);
	const onCall = await tx
		.select({ to: calls.to })
		.from(calls)
		.where(
			and(
				eq(calls.organizationId, organizationId),
				inArray(calls.to, numbers),
				inArray(calls.status, LIVE)
			)
		);
	const promised = await tx
		.select({ to: callBackTasks.to })
		.from(callBackTasks)
		.where(
			and(
				eq(callBackTasks.organizationId, organizationId),
				inArray(callBackTasks.to, numbers),
				eq(callBackTasks.state, 'open'),
				gt(callBackTasks.dueAt, new Date(ctx.nowMs))
			)
		);
	const outcomes = await readLastOutcomes(
		tx,
		organizationId,
		batch.map(({ contact }) => contact.id)
	);
	return {
		onCall: new Set(onCall.map(({ to }) => to)),
		promised: new Set(promised.map(({ to }) => to)),
		outcomes
	};
}
