import { migrateDatabase } from '$lib/server/db/migrate';
import { seedDemoData } from '$lib/server/demo/seed';
import type { CommandLine } from '../command';

export const databaseCommands: CommandLine[] = [
	{
		words: ['migrate'],
		usage: 'migrate',
		summary: 'bring the database to the newest schema',
		required: [],
		optional: [],
		async run(ctx) {
			const { applied } = await migrateDatabase(ctx.services.config.databaseUrl);
			const line = applied === 0 ? 'The database is up to date.' : `Applied ${applied} migrations.`;
			return { line, json: { applied } };
		}
	},
	{
		words: ['demo'],
		usage: 'demo',
		summary: 'load demo data into an empty database',
		required: [],
		optional: [],
		async run(ctx) {
			const { seeded, logins } = await seedDemoData(ctx.services.config.databaseUrl);
			const line = seeded
				? `Loaded demo data with ${logins.length} logins (see README).`
				: 'Nothing loaded: the database has organisations already.';
			return { line, json: { seeded, logins } };
		}
	}
];
