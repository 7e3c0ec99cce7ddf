import { spawn } from 'node:child_process';
import path from 'node:path';

export interface CommandOutcome {
	exitCode: number | null;
	stdout: string;
	stderr: string;
}

/** Runs `npm run talktime -- <words>` against a database. */
export function runThroughNpm(databaseUrl: string, ...words: string[]): Promise<CommandOutcome> {
	return run('npm', ['run', '--silent', 'talktime', '--', ...words], databaseUrl);
}

/** The same command without npm in front, which costs more than the command. */
export function runTalktime(databaseUrl: string, ...words: string[]): Promise<CommandOutcome> {
	return run(process.execPath, ['--import', 'tsx', 'scripts/talktime.ts', ...words], databaseUrl);
}

function run(file: string, words: string[], databaseUrl: string): Promise<CommandOutcome> {
	const child = spawn(file, words, {
		env: {
			PATH: process.env.PATH,
			HOME: process.env.HOME,
			DATABASE_URL: databaseUrl,
			TSX_TSCONFIG_PATH: path.resolve('scripts/tsconfig.json')
		},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
	child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
	});
}
