import { and, eq } from 'drizzle-orm';
import type { ImportIdInput } from '$lib/inputs';
import type { ContactImportView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { contactImports } from '../db/schema/index';
import { AppError } from '../errors';
import { selectImports, toImportView } from './import-rows';

export async function getImport({
	ctx,
	input
}: {
	ctx: Context;
	input: ImportIdInput;
}): Promise<ContactImportView> {
	const person = requirePerson(ctx, 'contacts.import');
	const organizationId = requireOrganizationId(person, undefined);
	const [found] = await selectImports(ctx.services.database.db).where(
		and(eq(contactImports.organizationId, organizationId), eq(contactImports.id, input.importId))
	);
	if (!found) throw new AppError('not_found', 'There is no such import.');
	return toImportView(found);
}
