import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { CreateContactInput } from '$lib/inputs';
import type { ContactView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { writeOnce } from '../db/prepared';
import { contacts } from '../db/schema/index';
import { AppError } from '../errors';
import {
	CONTACT_COLUMNS,
	findHolder,
	getContactRow,
	getCountry,
	invalidPhone,
	readContactPhone,
	toContactView
} from './contact-rows';

/** Makes a contact. The same request again answers with the same contact. */
export async function createContact({
	ctx,
	input
}: {
	ctx: Context;
	input: CreateContactInput;
}): Promise<ContactView> {
	const person = requirePerson(ctx, 'contacts.write');
	const organizationId = requireOrganizationId(person, undefined);
	const { requestId: id, phone: typed, ...values } = input;
	const phone = readContactPhone(typed, await getCountry(ctx, organizationId));
	const { db } = ctx.services.database;
	return db.transaction(async (tx) => {
		const barred = await findBar(tx, organizationId, phone);
		const [made] = await tx
			.insert(contacts)
			.values({ id, organizationId, phone, ...values, ...barred, createdAt: new Date(ctx.nowMs) })
			.onConflictDoNothing()
			.returning(CONTACT_COLUMNS);
		if (!made) return findMade(tx, organizationId, { id, phone });
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'contact.created',
			before: {},
			after: { contactId: id, ...values, phone }
		});
		return toContactView(made);
	});
}

async function findMade(
	tx: Pick<Database, 'select'>,
	organizationId: number,
	{ id, phone }: { id: string; phone: string }
): Promise<ContactView> {
	const holder = await findHolder(tx, organizationId, phone);
	if (holder && holder.id !== id) throw phoneTaken(holder.name);
	const row = await getContactRow(tx, organizationId, id).catch((error: unknown) => {
		throw error instanceof AppError ? new AppError('conflict', 'requestId is in use.') : error;
	});
	return toContactView(row);
}

export function phoneTaken(name: string): AppError {
	return invalidPhone(`${name} has this number already. Open that contact, or merge the two.`);
}

/** Who said once that a number must not be called is not called again because the contact is new. */
export async function findBar(tx: Pick<Database, 'select'>, organizationId: number, phone: string) {
	const [bar] = await barOfNumber(tx).execute({ organizationId, phone });
	if (!bar) return {};
	return { doNotCall: true, doNotCallReason: bar.reason, doNotCallAt: bar.at };
}

/** The one row of a number that an archived contact barred. */
export function barRow(db: Pick<Database, 'select'>) {
	return db
		.select({ reason: contacts.doNotCallReason, at: contacts.doNotCallAt })
		.from(contacts)
		.where(
			and(
				eq(contacts.organizationId, sql.placeholder('organizationId')),
				eq(contacts.phone, sql.placeholder('phone')),
				isNotNull(contacts.archivedAt),
				eq(contacts.doNotCall, true)
			)
		)
		.orderBy(sql`${contacts.doNotCallAt} desc nulls last`)
		.limit(1);
}

const barOfNumber = writeOnce((db: Pick<Database, 'select'>) =>
	barRow(db).prepare('bar_of_number')
);
