import { and, eq, sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { checkMapping } from '$lib/domain/contacts/import-columns';
import type { StartImportInput } from '$lib/inputs';
import type { ContactImportView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { contactImports, leadLists } from '../db/schema/index';
import { isTaken } from '../db/trouble';
import { AppError } from '../errors';
import { getImport } from './get-import';
import { getImportRow } from './import-rows';

/** Hands an uploaded file to the worker. A second time changes nothing. */
export async function startImport({
	ctx,
	input
}: {
	ctx: Context;
	input: StartImportInput;
}): Promise<ContactImportView> {
	const person = requirePerson(ctx, 'contacts.import');
	const organizationId = requireOrganizationId(person, undefined);
	const { importId, hasHeader, mapping, duplicates } = input;
	const problem = checkMapping(mapping);
	if (problem) throw new AppError('invalid', problem, { mapping: problem });
	const { db } = ctx.services.database;
	const { state } = await getImportRow(db, organizationId, importId);
	if (state === 'uploading' || state === 'failed') {
		throw new AppError('conflict', 'The file cannot be imported. Upload it again.');
	}
	try {
		await db.transaction(async (tx) => {
			const [ready] = await tx
				.update(contactImports)
				.set({
					...{ hasHeader, mapping, duplicates },
					state: 'running',
					startedAt: new Date(ctx.nowMs)
				})
				.where(and(eq(contactImports.id, importId), eq(contactImports.state, 'ready')))
				.returning({ fileName: contactImports.fileName });
			if (!ready) return;
			const list = await chooseList(tx, ctx, organizationId, input);
			await tx.update(contactImports).set(list).where(eq(contactImports.id, importId));
			await writeAudit(tx, ctx, {
				organizationId,
				action: 'contacts.import_started',
				before: {},
				after: { importId, fileName: ready.fileName, duplicates }
			});
			await tx.execute(sql`select wake_contact_import(${importId}::uuid)`);
		});
	} catch (error) {
		if (!isTaken(error, 'lead_lists_name_key')) throw error;
		const sentence = `There is a lead list named ${input.newListName} already. Choose it, or another name.`;
		throw new AppError('invalid', sentence, { newListName: sentence });
	}
	return getImport({ ctx, input: { importId } });
}

async function chooseList(
	tx: Pick<Database, 'select' | 'insert'>,
	ctx: Context,
	organizationId: number,
	{ listId, newListName }: StartImportInput
): Promise<{ leadListId: string | null; madeList: boolean }> {
	if (newListName !== undefined) {
		const id = uuid();
		await tx
			.insert(leadLists)
			.values({ id, organizationId, name: newListName, createdAt: new Date(ctx.nowMs) });
		return { leadListId: id, madeList: true };
	}
	if (listId === undefined) return { leadListId: null, madeList: false };
	const [list] = await tx
		.select({ id: leadLists.id })
		.from(leadLists)
		.where(and(eq(leadLists.organizationId, organizationId), eq(leadLists.id, listId)));
	if (!list) throw new AppError('not_found', 'There is no such lead list.');
	return { leadListId: list.id, madeList: false };
}
