/**
 * Erases what is known of a person: name, number, addresses, notes, recordings, transcripts, and what providers
 * sent about their calls. Calls, charges and receipts stay and add up as before, under a number of nobody. There
 * is no way back.
 */
import { and, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import { parsePhone } from '$lib/domain/phone';
import type { EraseContactInput } from '$lib/inputs';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationOf } from '../authorize';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { calls, contacts, recordings } from '../db/schema/index';
import { AppError } from '../errors';
import { eraseFile } from '../recordings/erase-recordings';
import { getCountry, lockContactRow, type ContactRow } from './contact-rows';

export interface ErasedContact {
	contactId: string;
	calls: number;
	recordings: number;
}

export async function eraseContact({
	ctx,
	input
}: {
	ctx: Context;
	input: EraseContactInput;
}): Promise<ErasedContact> {
	const organizationId = requireOrganizationOf(ctx, 'contacts.erase', undefined);
	return erase(ctx, organizationId, input);
}

/** For the command line, which knows a person by their number. */
export async function eraseContactByPhone({
	ctx,
	input
}: {
	ctx: Context;
	input: { organizationId: number; phone: string };
}): Promise<ErasedContact> {
	const organizationId = requireOrganizationOf(ctx, 'contacts.erase', input.organizationId);
	const phone = parsePhone(input.phone, await getCountry(ctx, organizationId))?.e164;
	if (!phone) throw new AppError('invalid', 'phone must be a phone number like +12025550199.');
	const [found] = await ctx.services.database.db
		.select({ id: contacts.id, mergedInto: contacts.mergedInto })
		.from(contacts)
		.where(and(eq(contacts.organizationId, organizationId), eq(contacts.phone, phone)))
		.orderBy(sql`${contacts.archivedAt} is not null`)
		.limit(1);
	if (!found) throw new AppError('not_found', 'There is no contact with this number.');
	const contactId = found.mergedInto ?? found.id;
	return erase(ctx, organizationId, { contactId, confirmation: phone }, true);
}

async function erase(
	ctx: Context,
	organizationId: number,
	{ contactId, confirmation }: EraseContactInput,
	isConfirmed = false
): Promise<ErasedContact> {
	const erased = await ctx.services.database.db.transaction(async (tx) => {
		const row = await lockContactRow(tx, organizationId, contactId);
		refuseHandled(row);
		if (!isConfirmed && confirmation.trim() !== row.name) {
			const sentence = 'Nothing was erased: type the name of the contact as it is written.';
			throw new AppError('invalid', sentence, { confirmation: sentence });
		}
		await refuseWhileCalled(tx, organizationId, row);
		const at = new Date(ctx.nowMs).toISOString();
		const [answer] = await tx.execute<{ counts: { calls: number; recordings: number } }>(
			sql`select erase_contact(${organizationId}, ${contactId}, ${at}::timestamptz) as counts`
		);
		if (!answer) throw new Error('erase_contact answered nothing.');
		const counts = { calls: answer.counts.calls, recordings: answer.counts.recordings };
		const after = { contactId, ...counts };
		await writeAudit(tx, ctx, { organizationId, action: 'contact.erased', after });
		return { contactId, ...counts };
	});
	await eraseFiles(ctx, organizationId, contactId);
	return erased;
}

function refuseHandled({ erasedAt, mergedInto }: ContactRow): void {
	if (erasedAt) throw new AppError('conflict', 'This contact was erased already.');
	if (mergedInto) {
		throw new AppError('conflict', 'This contact was merged. Erase the contact that was kept.');
	}
}

/** The lane writes of a call that goes on what it read of it: the number would come back. */
async function refuseWhileCalled(
	tx: Pick<Database, 'select'>,
	organizationId: number,
	{ id }: ContactRow
): Promise<void> {
	const numbers = tx
		.select({ phone: contacts.phone })
		.from(contacts)
		.where(
			and(
				eq(contacts.organizationId, organizationId),
				or(eq(contacts.id, id), eq(contacts.mergedInto, id))
			)
		);
	const [live] = await tx
		.select({ id: calls.id })
		.from(calls)
		.where(
			and(
				eq(calls.organizationId, organizationId),
				isNull(calls.endedAt),
				or(eq(calls.contactId, id), inArray(calls.to, numbers), inArray(calls.from, numbers))
			)
		)
		.limit(1);
	if (live) {
		throw new AppError('conflict', 'Nothing was erased: a call with this person is going on.');
	}
}

/** What could not be erased now, the job that erases recordings takes up. */
async function eraseFiles(ctx: Context, organizationId: number, contactId: string): Promise<void> {
	const marked = await ctx.services.database.db
		.select({ id: recordings.id, storageKey: recordings.storageKey })
		.from(recordings)
		.innerJoin(calls, eq(calls.id, recordings.callId))
		.innerJoin(
			contacts,
			and(eq(contacts.organizationId, organizationId), eq(contacts.phone, calls.to))
		)
		.where(
			and(
				eq(recordings.organizationId, organizationId),
				eq(recordings.state, 'deleted'),
				isNotNull(recordings.storageKey),
				or(eq(contacts.id, contactId), eq(contacts.mergedInto, contactId))
			)
		);
	for (const { id, storageKey } of marked) {
		if (storageKey !== null) await eraseFile(ctx, id, storageKey);
	}
}
