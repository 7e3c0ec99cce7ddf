import { execFile } from 'node:child_process';
import path from 'node:path';

export interface CommandOutcome {
	exitCode: number;
	stdout: string;
	stderr: string;
}

/** Runs `npm run talktime -- <words>` against a database, without npm's own second. */
export function runTalktime(
	databaseUrl: string,
	words: string[],
	environment: Record<string, string> = {}
): Promise<CommandOutcome> {
	return new Promise((resolve) => {
		const env = {
			...process.env,
			DATABASE_URL: databaseUrl,
			TSX_TSCONFIG_PATH: path.resolve('scripts/tsconfig.json'),
			...environment
		};
		const args = ['--import', 'tsx', 'scripts/talktime.ts', ...words];
		const child = execFile(process.execPath, args, { env }, (_error, stdout, stderr) =>
			resolve({ exitCode: child.exitCode ?? 1, stdout, stderr })
		);
	});
}

/** A REST token for one of the demo people. */
export async function createTokenFor(databaseUrl: string, email: string): Promise<string> {
	const { stdout, stderr } = await runTalktime(databaseUrl, ['token', 'create', '--email', email]);
	if (!stdout.startsWith('tt_')) throw new Error(`No token for ${email}: ${stderr}`);
	return stdout.trim();
}
