import { execFile } from 'node:child_process';
import { runTalktime as run, type CommandOutcome } from './command-line';

/** Runs `npm run talktime -- <words>` against a database, all of it. */
export function runThroughNpm(databaseUrl: string, ...words: string[]): Promise<CommandOutcome> {
	const { PATH, HOME } = process.env;
	const env = { PATH, HOME, DATABASE_URL: databaseUrl };
	const all = ['run', '--silent', 'talktime', '--', ...words];
	return new Promise((resolve) => {
		const child = execFile('npm', all, { env }, (_error, stdout, stderr) =>
			resolve({ exitCode: child.exitCode ?? 1, stdout, stderr })
		);
	});
}

/** The same command without npm and a process in front, which cost more than the command. */
export function runTalktime(databaseUrl: string, ...words: string[]): Promise<CommandOutcome> {
	return run(databaseUrl, words);
}
