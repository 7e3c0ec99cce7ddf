/**
 * The command line as one process for a whole run of browser tests: a line of JSON in, one out. Its own
 * start costs seconds on a busy machine, and every test needs several commands.
 */
import { createInterface } from 'node:readline';
import { runWords } from '../../scripts/cli/main';

for await (const line of createInterface({ input: process.stdin })) {
	const { databaseUrl, words } = JSON.parse(line);
	process.env.DATABASE_URL = databaseUrl;
	process.stdout.write(`${JSON.stringify(await runWords(words))}\n`);
}
