import journal from '../../../../drizzle/meta/_journal.json';
import type { Services } from '../services';

/** What keeps this process from serving, in a sentence; null when nothing does. */
export async function checkReadiness(services: Services): Promise<string | null> {
	try {
		const [row] = await services.database.sql<{ applied: number }[]>`
			select count(*)::int as applied from drizzle.__drizzle_migrations`;
		const missing = journal.entries.length - (row?.applied ?? 0);
		return missing > 0
			? `${missing} migrations are not applied. Run: npm run talktime -- migrate`
			: null;
	} catch {
		return 'The database cannot be reached.';
	}
}
