import { and, desc, eq, ne } from 'drizzle-orm';
import type { ContactImportView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { contactImports } from '../db/schema/index';
import { selectImports, toImportView } from './import-rows';

const SHOWN_MAX = 20;

/** The newest imports of the organisation. */
export async function listImports({ ctx }: { ctx: Context }): Promise<ContactImportView[]> {
	const person = requirePerson(ctx, 'contacts.import');
	const organizationId = requireOrganizationId(person, undefined);
	const rows = await selectImports(ctx.services.database.db)
		.where(
			and(eq(contactImports.organizationId, organizationId), ne(contactImports.state, 'uploading'))
		)
		.orderBy(desc(contactImports.createdAt))
		.limit(SHOWN_MAX);
	return rows.map(toImportView);
}
