import type { RequestEvent } from '@sveltejs/kit';
import { IMPORT_PIECE_BYTES } from '$lib/domain/contacts/import-limits';
import { ImportIdInput } from '$lib/inputs';
import { requirePerson } from '../authorize';
import { AppError } from '../errors';
import { readBytes } from './read-bytes';

/** One piece of an uploaded file. Nothing of it is read before it is known who sends it. */
export async function readImportPiece({ request, params, locals }: RequestEvent) {
	requirePerson(locals.ctx, 'contacts.import');
	const id = ImportIdInput.safeParse({ importId: params.id });
	if (!id.success) throw new AppError('not_found', 'There is no such import.');
	const seq = /^\d{1,4}$/.test(params.seq ?? '') ? Number(params.seq) : -1;
	const bytes = await readBytes(request, IMPORT_PIECE_BYTES);
	if (!bytes) throw new AppError('invalid', `A piece has at most ${IMPORT_PIECE_BYTES} bytes.`);
	return { importId: id.data.importId, seq, bytes };
}
