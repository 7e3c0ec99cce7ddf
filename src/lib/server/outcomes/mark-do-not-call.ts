import { and, eq, isNull } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { writeAudit } from '../audit/write-audit';
import type { Context } from '../context';
import { contacts } from '../db/schema/index';
import type { Transaction } from '../live/append';

/**
 * Marks the contact with that number, so that no call to it starts, or takes the mark back. A number
 * nobody knew becomes a contact: otherwise the mark would have nowhere to stand.
 */
export async function setDoNotCall(
	tx: Transaction,
	ctx: Context,
	{ organizationId, to }: { organizationId: number; to: string },
	doNotCall: boolean
): Promise<{ contactId: string | null; isChanged: boolean }> {
	const own = and(
		eq(contacts.organizationId, organizationId),
		eq(contacts.phone, to),
		isNull(contacts.archivedAt)
	);
	if (doNotCall) {
		await tx
			.insert(contacts)
			.values({ id: uuid(), organizationId, phone: to, name: to })
			.onConflictDoNothing();
	}
	const [contact] = await tx
		.select({ id: contacts.id, doNotCall: contacts.doNotCall })
		.from(contacts)
		.where(own)
		.for('update');
	if (!contact) return { contactId: null, isChanged: false };
	if (contact.doNotCall === doNotCall) return { contactId: contact.id, isChanged: false };
	await tx
		.update(contacts)
		.set({
			doNotCall,
			doNotCallReason: doNotCall ? 'Said so in a call' : null,
			doNotCallAt: doNotCall ? new Date(ctx.nowMs) : null
		})
		.where(own);
	await writeAudit(tx, ctx, {
		organizationId,
		action: 'contact.do_not_call',
		before: { contactId: contact.id, doNotCall: contact.doNotCall },
		after: { contactId: contact.id, doNotCall }
	});
	return { contactId: contact.id, isChanged: true };
}
