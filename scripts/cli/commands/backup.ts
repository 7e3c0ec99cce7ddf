import { migrateDatabase } from '$lib/server/db/migrate';
import { restoreBackup } from '$lib/server/backup/restore-backup';
import { writeBackup } from '$lib/server/backup/write-backup';
import { given, type CommandLine } from '../command';

export const backupCommands: CommandLine[] = [
	{
		words: ['backup'],
		usage: 'backup --file F',
		summary: 'write every row into a file, as of one moment',
		required: ['file'],
		optional: [],
		async run(ctx, values) {
			const file = given(values, 'file');
			const { tables } = await writeBackup({ ctx, input: { file } });
			return { line: `Wrote ${tables} tables to ${file}.`, json: { file, tables } };
		}
	},
	{
		words: ['restore'],
		usage: 'restore --file F',
		summary: 'put a backup into an empty database, then: reconcile',
		required: ['file'],
		optional: [],
		async run(ctx, values) {
			await migrateDatabase(ctx.services.config.databaseUrl);
			const restored = await restoreBackup({ ctx, input: { file: given(values, 'file') } });
			const { rows, tables, takenAt } = restored;
			return {
				line: `Restored ${rows} rows of ${tables} tables, as of ${takenAt}. Now run: reconcile`,
				json: restored
			};
		}
	}
];
