import { and, eq, inArray } from 'drizzle-orm';
import type { ImportIdInput } from '$lib/inputs';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { contactImports } from '../db/schema/index';
import { getImportRow } from './import-rows';

/** Throws away an uploaded file that was not imported. */
export async function discardImport({
	ctx,
	input
}: {
	ctx: Context;
	input: ImportIdInput;
}): Promise<{ discarded: boolean }> {
	const person = requirePerson(ctx, 'contacts.import');
	const organizationId = requireOrganizationId(person, undefined);
	const { db } = ctx.services.database;
	await getImportRow(db, organizationId, input.importId);
	const gone = await db
		.delete(contactImports)
		.where(
			and(
				eq(contactImports.organizationId, organizationId),
				eq(contactImports.id, input.importId),
				inArray(contactImports.state, ['uploading', 'ready', 'failed'])
			)
		)
		.returning({ id: contactImports.id });
	return { discarded: gone.length > 0 };
}
