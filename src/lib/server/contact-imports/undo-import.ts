import { and, eq, sql } from 'drizzle-orm';
import type { ImportIdInput } from '$lib/inputs';
import type { ContactImportView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { contactImports } from '../db/schema/index';
import { AppError } from '../errors';
import { getImport } from './get-import';
import { getImportRow } from './import-rows';

/** Lets the worker take out again what an import brought in. A second time changes nothing. */
export async function undoImport({
	ctx,
	input
}: {
	ctx: Context;
	input: ImportIdInput;
}): Promise<ContactImportView> {
	const person = requirePerson(ctx, 'contacts.import');
	const organizationId = requireOrganizationId(person, undefined);
	const { importId } = input;
	const { db } = ctx.services.database;
	const row = await getImportRow(db, organizationId, importId);
	if (row.state === 'undoing' || row.state === 'undone') return getImport({ ctx, input });
	if (row.startedAt === null) throw new AppError('conflict', 'The import was not started yet.');
	await db.transaction(async (tx) => {
		await tx
			.update(contactImports)
			.set({ state: 'undoing', undoneRows: 0, keptRows: 0 })
			.where(
				and(eq(contactImports.organizationId, organizationId), eq(contactImports.id, importId))
			);
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'contacts.import_undone',
			before: {},
			after: { importId, fileName: row.fileName }
		});
		await tx.execute(sql`select wake_contact_import(${importId}::uuid)`);
	});
	return getImport({ ctx, input });
}
