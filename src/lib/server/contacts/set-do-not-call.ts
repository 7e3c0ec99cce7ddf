import { and, eq } from 'drizzle-orm';
import type { DoNotCallInput } from '$lib/inputs';
import type { ContactView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { contacts } from '../db/schema/index';
import { CONTACT_COLUMNS, lockContactRow, toContactView } from './contact-rows';

/** Marks that a contact must not be called, with the reason, or takes the mark away. */
export async function setDoNotCall({
	ctx,
	input
}: {
	ctx: Context;
	input: DoNotCallInput;
}): Promise<ContactView> {
	const person = requirePerson(ctx, 'contacts.write');
	const organizationId = requireOrganizationId(person, undefined);
	const { contactId, isOn } = input;
	const reason = isOn ? (input.reason ?? null) : null;
	return ctx.services.database.db.transaction(async (tx) => {
		const row = await lockContactRow(tx, organizationId, contactId);
		if (row.doNotCall === isOn && row.doNotCallReason === reason) return toContactView(row);
		const now = new Date(ctx.nowMs);
		const [changed] = await tx
			.update(contacts)
			.set({
				doNotCall: isOn,
				doNotCallReason: reason,
				doNotCallAt: isOn ? now : null,
				updatedAt: now
			})
			.where(and(eq(contacts.organizationId, organizationId), eq(contacts.id, contactId)))
			.returning(CONTACT_COLUMNS);
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'contact.do_not_call',
			before: { doNotCall: row.doNotCall, doNotCallReason: row.doNotCallReason },
			after: { contactId, doNotCall: isOn, doNotCallReason: reason }
		});
		return toContactView(changed ?? row);
	});
}
