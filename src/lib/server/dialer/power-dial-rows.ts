import { and, desc, eq, inArray } from 'drizzle-orm';
import type { PowerDialView } from '$lib/views';
import type { Database } from '../db/client';
import { contacts, leadLists, powerDials } from '../db/schema/index';
import { AppError } from '../errors';
import type { Transaction } from '../live/append';

export interface PowerDialOwner {
	organizationId: number;
	userId: string;
}

type Reader = Pick<Database, 'select'>;

/** @throws AppError `not_found`: another's is as absent as one that never was */
export async function getPowerDial(
	db: Reader,
	owner: PowerDialOwner,
	powerDialId: string
): Promise<PowerDialView> {
	const view = await findPowerDial(db, owner, powerDialId);
	if (!view) throw new AppError('not_found', 'There is no such list being called.');
	return view;
}

/** One of the person's own, or the one that is not over. */
export async function findPowerDial(
	db: Reader,
	{ organizationId, userId }: PowerDialOwner,
	powerDialId?: string
): Promise<PowerDialView | null> {
	const [row] = await db
		.select({ dial: powerDials, listName: leadLists.name, lead: contacts })
		.from(powerDials)
		.innerJoin(leadLists, eq(leadLists.id, powerDials.leadListId))
		.leftJoin(contacts, eq(contacts.id, powerDials.contactId))
		.where(
			and(
				eq(powerDials.organizationId, organizationId),
				eq(powerDials.userId, userId),
				powerDialId === undefined
					? inArray(powerDials.state, ['running', 'paused'])
					: eq(powerDials.id, powerDialId)
			)
		)
		.orderBy(desc(powerDials.id))
		.limit(1);
	if (!row) return null;
	const { dial, listName, lead } = row;
	const passed = dial.skippedDoNotCall + dial.skippedHours + dial.skippedDone + dial.skippedTaken;
	return {
		id: dial.id,
		leadListId: dial.leadListId,
		leadListName: listName,
		state: dial.state,
		total: dial.total,
		seen: Math.min(dial.total, dial.offered + passed),
		offered: dial.offered,
		skipped: {
			byAgent: dial.skippedByAgent,
			doNotCall: dial.skippedDoNotCall,
			hours: dial.skippedHours,
			done: dial.skippedDone,
			taken: dial.skippedTaken
		},
		lead: lead && {
			contactId: lead.id,
			name: lead.name,
			phone: lead.phone,
			company: lead.company
		},
		startedAt: dial.startedAt.toISOString()
	};
}

/** The row under its lock. @throws AppError `not_found` */
export async function lockPowerDial(
	tx: Transaction,
	{ organizationId, userId }: PowerDialOwner,
	powerDialId: string
) {
	const [dial] = await tx
		.select()
		.from(powerDials)
		.where(
			and(
				eq(powerDials.organizationId, organizationId),
				eq(powerDials.userId, userId),
				eq(powerDials.id, powerDialId)
			)
		)
		.for('update');
	if (!dial) throw new AppError('not_found', 'There is no such list being called.');
	return dial;
}
