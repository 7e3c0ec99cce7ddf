import type { TestProject } from 'vitest/node';
import { startGuardedPostgres } from './guarded-postgres';

declare module 'vitest' {
	interface ProvidedContext {
		databaseAdminUrl: string;
		databaseTemplate: string;
	}
}

const TEMPLATE = 'talktime_template';

/** One server for all database tests, with one migrated database that each test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const server = await startGuardedPostgres({
		settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
		database: TEMPLATE,
		seedsDemo: false
	});
	project.provide('databaseAdminUrl', server.adminUrl);
	project.provide('databaseTemplate', TEMPLATE);
	return () => server.remove();
}
