import { eq } from 'drizzle-orm';
import type { StartUploadInput } from '$lib/inputs';
import type { ContactImportView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { getCountry } from '../contacts/contact-rows';
import { contactImports } from '../db/schema/index';
import { getImportRow, selectImports, toImportView } from './import-rows';

/** Opens a place for a file that is uploaded in pieces. The same request again answers with the same place. */
export async function startUpload({
	ctx,
	input
}: {
	ctx: Context;
	input: StartUploadInput;
}): Promise<ContactImportView> {
	const person = requirePerson(ctx, 'contacts.import');
	const organizationId = requireOrganizationId(person, undefined);
	const { requestId: id, fileName, byteSize } = input;
	const { db } = ctx.services.database;
	await db
		.insert(contactImports)
		.values({
			...{ id, organizationId, fileName, byteSize, userId: person.userId },
			defaultCountry: await getCountry(ctx, organizationId),
			createdAt: new Date(ctx.nowMs)
		})
		.onConflictDoNothing();
	await getImportRow(db, organizationId, id);
	const [made] = await selectImports(db).where(eq(contactImports.id, id));
	if (!made) throw new Error('The import was read just now.');
	return toImportView(made);
}
