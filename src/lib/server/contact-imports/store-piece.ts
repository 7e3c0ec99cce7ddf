import { sql } from 'drizzle-orm';
import { IMPORT_PIECE_BYTES } from '$lib/domain/contacts/import-limits';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { contactImportChunks } from '../db/schema/index';
import { AppError } from '../errors';
import { getImportRow } from './import-rows';

/** Keeps one piece of a file. The same piece again takes its own place. */
export async function storePiece({
	ctx,
	input
}: {
	ctx: Context;
	input: { importId: string; seq: number; bytes: Uint8Array };
}): Promise<{ stored: true }> {
	const person = requirePerson(ctx, 'contacts.import');
	const organizationId = requireOrganizationId(person, undefined);
	const { importId, seq, bytes } = input;
	const { db } = ctx.services.database;
	const row = await getImportRow(db, organizationId, importId);
	if (row.state !== 'uploading') throw new AppError('conflict', 'The file is complete already.');
	const pieces = Math.ceil(row.byteSize / IMPORT_PIECE_BYTES);
	const expected =
		seq < pieces - 1 ? IMPORT_PIECE_BYTES : row.byteSize - (pieces - 1) * IMPORT_PIECE_BYTES;
	if (seq < 0 || seq >= pieces || bytes.length !== expected) {
		throw new AppError(
			'invalid',
			`Piece ${seq} must be one of ${pieces} and have ${expected} bytes, not ${bytes.length}.`
		);
	}
	await db
		.insert(contactImportChunks)
		.values({ organizationId, importId, seq, bytes })
		.onConflictDoUpdate({
			target: [contactImportChunks.importId, contactImportChunks.seq],
			set: { bytes: sql`excluded.bytes` }
		});
	return { stored: true };
}
