import { and, desc, eq } from 'drizzle-orm';
import { isCallingHour } from '$lib/domain/campaigns/calling-hours';
import { possibleZones } from '$lib/domain/campaigns/lead-zones';
import type { LookUpNumberInput } from '$lib/inputs';
import type { DialContactView, DialLookupView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import { selectCalls, toCallView } from '../calls/call-rows';
import type { Context } from '../context';
import { calls, contacts } from '../db/schema/index';
import { readOpenCallBacksOfNumber } from '../outcomes/call-back-rows';
import { readNotes, readOutcomes } from '../outcomes/outcome-rows';
import { estimateCall } from '../wallet/estimate-call';
import { readCallingHours } from '../campaigns/calling-hours';

const NOTES_SHOWN = 3;

/** What is known of a number before it is called: who it is, what it costs, what was said before. */
export async function lookUpNumber({
	ctx,
	input
}: {
	ctx: Context;
	input: LookUpNumberInput;
}): Promise<DialLookupView> {
	const person = requirePerson(ctx, 'outcomes.read');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	const estimate = await estimateCall({ ctx, input });
	const [[contact], [lastCall], [callBack], hours] = await Promise.all([
		db
			.select()
			.from(contacts)
			.where(and(eq(contacts.organizationId, organizationId), eq(contacts.phone, estimate.to))),
		selectCalls(db)
			.where(and(eq(calls.organizationId, organizationId), eq(calls.to, estimate.to)))
			.orderBy(desc(calls.id))
			.limit(1),
		readOpenCallBacksOfNumber(db, organizationId, estimate.to),
		readCallingHours(db, organizationId)
	]);
	const [notes, outcomes] = await Promise.all([
		contact ? readNotes(db, organizationId, { contactId: contact.id }, NOTES_SHOWN) : [],
		lastCall ? readOutcomes(db, organizationId, [lastCall.call.id]) : null
	]);
	const zones = possibleZones({ timezone: contact?.timezone ?? null, phone: estimate.to });
	return {
		estimate,
		contact: contact ? toDialContactView(contact) : null,
		lastCall: lastCall ? toCallView(lastCall) : null,
		lastOutcome: (lastCall && outcomes?.get(lastCall.call.id)) ?? null,
		notes,
		callBack: callBack ?? null,
		zones: [...zones],
		isCallingHour: isCallingHour(zones, hours, ctx.nowMs)
	};
}

function toDialContactView(contact: typeof contacts.$inferSelect): DialContactView {
	return {
		id: contact.id,
		name: contact.name,
		email: contact.email,
		company: contact.company,
		timezone: contact.timezone,
		doNotCall: contact.doNotCall,
		lastCalledAt: contact.lastCalledAt?.toISOString() ?? null
	};
}
