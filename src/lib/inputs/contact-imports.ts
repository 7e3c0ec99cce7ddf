import { z } from 'zod';
import { IMPORT_FIELDS } from '../domain/contacts/import-columns';
import { IMPORT_BYTES_MAX, IMPORT_COLUMNS_MAX } from '../domain/contacts/import-limits';
import { DUPLICATE_RULES } from '../domain/contacts/import-row';
import { id, text } from './parts';

export const StartUploadInput = z.object({
	requestId: id('requestId'),
	fileName: text('File name', 1, 255),
	byteSize: z
		.number('The file must have a size.')
		.int('The file must have a size.')
		.min(1, 'The file is empty. Choose one with contacts in it.')
		.max(
			IMPORT_BYTES_MAX,
			`The file is larger than ${IMPORT_BYTES_MAX / 1024 / 1024} MB. Split it and import the parts one after the other.`
		)
});
export type StartUploadInput = z.infer<typeof StartUploadInput>;

export const ImportIdInput = z.object({ importId: id('importId') });
export type ImportIdInput = z.infer<typeof ImportIdInput>;

const plan = {
	importId: id('importId'),
	hasHeader: z.boolean('hasHeader must be true or false.'),
	mapping: z
		.array(z.enum(IMPORT_FIELDS, 'mapping must name fields of contacts.').nullable())
		.max(IMPORT_COLUMNS_MAX, `mapping must have at most ${IMPORT_COLUMNS_MAX} columns.`),
	duplicates: z.enum(DUPLICATE_RULES, 'duplicates must be skip, fill or overwrite.')
};

export const PreviewImportInput = z.object(plan);
export type PreviewImportInput = z.infer<typeof PreviewImportInput>;

export const StartImportInput = z.object({
	...plan,
	listId: id('listId').optional(),
	/** Of a list to make. */
	newListName: text('List name', 1, 120).optional()
});
export type StartImportInput = z.infer<typeof StartImportInput>;
