/** Imports of contacts in tests: a file goes through the same verbs as from a page, and the worker's verb is called. */
import { v7 as uuid } from 'uuid';
import { IMPORT_PIECE_BYTES } from '$lib/domain/contacts/import-limits';
import type { StartImportInput } from '$lib/inputs';
import { finishUpload } from '$lib/server/contact-imports/finish-upload';
import { getImport } from '$lib/server/contact-imports/get-import';
import { startImport } from '$lib/server/contact-imports/start-import';
import { startUpload } from '$lib/server/contact-imports/start-upload';
import { storePiece } from '$lib/server/contact-imports/store-piece';
import { workImports } from '$lib/server/contact-imports/work-imports';
import type { Context } from '$lib/server/context';
import type { ContactImportView } from '$lib/views';
import type { House } from './house';

/** Uploads a file; texts are sent as UTF-8. */
export async function uploadFile(
	ctx: Context,
	file: string | Uint8Array,
	fileName = 'leads.csv'
): Promise<ContactImportView> {
	const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
	const input = { requestId: uuid(), fileName, byteSize: bytes.length };
	const { id: importId } = await startUpload({ ctx, input });
	for (let seq = 0; seq * IMPORT_PIECE_BYTES < bytes.length; seq++) {
		const piece = bytes.slice(seq * IMPORT_PIECE_BYTES, (seq + 1) * IMPORT_PIECE_BYTES);
		await storePiece({ ctx, input: { importId, seq, bytes: piece } });
	}
	return finishUpload({ ctx, input: { importId } });
}

/** Uploads a file and brings it in with what was guessed, or with what is given. */
export async function importFile(
	house: House,
	ctx: Context,
	file: string | Uint8Array,
	given: Partial<StartImportInput> = {}
): Promise<ContactImportView> {
	const { id: importId, hasHeader, mapping } = await uploadFile(ctx, file);
	const plan = { importId, hasHeader, mapping, duplicates: 'skip' as const, ...given };
	await startImport({ ctx, input: plan });
	await work(house, importId);
	return getImport({ ctx, input: { importId } });
}

/** What the worker does for one import. */
export function work(house: House, importId: string): Promise<void> {
	return workImports({ ctx: house.context({ kind: 'job' }), input: { importId } });
}

export async function readAll(lines: AsyncGenerator<string>): Promise<string> {
	let text = '';
	for await (const line of lines) text += line;
	return text;
}
