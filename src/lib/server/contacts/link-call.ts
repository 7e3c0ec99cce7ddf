import { and, desc, eq, or, sql } from 'drizzle-orm';
import type { LinkCallInput } from '$lib/inputs';
import { isUuid } from '$lib/domain/uuid';
import type { ContactView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { calls, contacts } from '../db/schema/index';
import { AppError } from '../errors';
import { getContactRow, getCountry, readContactPhone, toContactView } from './contact-rows';
import { findContactByPhone } from './lookup-contact';

/**
 * Links a call to the contact whose number it went to, and notes when the contact was called. Without a contact of
 * that number nothing is changed.
 */
export async function linkCall({
	ctx,
	input
}: {
	ctx: Context;
	input: LinkCallInput;
}): Promise<{ contact: ContactView | null; callId: string | null }> {
	const person = requirePerson(ctx, 'contacts.lookup');
	const organizationId = requireOrganizationId(person, input.organizationId);
	const { db } = ctx.services.database;
	const phone = readContactPhone(input.phone, await getCountry(ctx, organizationId));
	const call = await findCall(ctx, organizationId, phone, input.callId);
	const contact = await findContactByPhone(db, organizationId, phone);
	if (!contact) return { contact: null, callId: call?.id ?? null };
	if (call) {
		const { id, name } = contact;
		await ctx.services.lane.submit({
			...{ kind: 'link_contact', organizationId },
			callId: call.id,
			contact: { id, name }
		});
	}
	const calledAt = call?.endedAt ?? call?.initiatedAt ?? new Date(ctx.nowMs);
	await db
		.update(contacts)
		.set({
			lastCalledAt: sql`greatest(${contacts.lastCalledAt}, ${calledAt.toISOString()}::timestamptz)`
		})
		.where(and(eq(contacts.organizationId, organizationId), eq(contacts.id, contact.id)));
	const row = await getContactRow(db, organizationId, contact.id);
	return { contact: toContactView(row), callId: call?.id ?? null };
}

async function findCall(
	ctx: Context,
	organizationId: number,
	phone: string,
	named: string | undefined
) {
	const whose = eq(calls.organizationId, organizationId);
	const columns = {
		id: calls.id,
		to: calls.to,
		endedAt: calls.endedAt,
		initiatedAt: calls.initiatedAt
	};
	const { db } = ctx.services.database;
	if (named === undefined) {
		const [newest] = await db
			.select(columns)
			.from(calls)
			.where(and(whose, eq(calls.to, phone)))
			.orderBy(desc(calls.id))
			.limit(1);
		return newest ?? null;
	}
	const [found] = await db
		.select(columns)
		.from(calls)
		.where(
			and(
				whose,
				or(
					eq(calls.providerCallId, named),
					isUuid(named.toLowerCase()) ? eq(calls.id, named) : undefined
				)
			)
		)
		.limit(1);
	if (!found) throw new AppError('not_found', 'There is no such call.');
	if (found.to !== phone) {
		const sentence = 'call_id is a call to another number than phone.';
		throw new AppError('invalid', sentence, { callId: sentence });
	}
	return found;
}
