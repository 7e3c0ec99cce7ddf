import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';

export interface CommandOutcome {
	exitCode: number;
	stdout: string;
	stderr: string;
}

const WITH_ALIASES = { TSX_TSCONFIG_PATH: path.resolve('scripts/tsconfig.json') };

/** Runs `npm run talktime -- <words>` against a database, without npm's own second. */
export function runTalktime(
	databaseUrl: string,
	words: string[],
	environment?: Record<string, string>
): Promise<CommandOutcome> {
	return environment
		? runAlone(words, { DATABASE_URL: databaseUrl, ...environment })
		: commandServer.run(databaseUrl, words);
}

/** A process of its own, for a command that must see another environment. */
function runAlone(words: string[], environment: Record<string, string>): Promise<CommandOutcome> {
	return new Promise((resolve) => {
		const env = { ...process.env, ...WITH_ALIASES, ...environment };
		const args = ['--import', 'tsx', 'scripts/talktime.ts', ...words];
		const child = execFile(process.execPath, args, { env }, (_error, stdout, stderr) =>
			resolve({ exitCode: child.exitCode ?? 1, stdout, stderr })
		);
	});
}

interface Server {
	input: Socket;
	answers: Interface;
	/** Never resolves; rejects when the process ends. */
	ended: Promise<never>;
}

/** Started with the first command, ended with this process: its input closes. One command at a time. */
class CommandServer {
	private server: Server | null = null;
	private last: Promise<unknown> = Promise.resolve();

	run(databaseUrl: string, words: string[]): Promise<CommandOutcome> {
		const outcome = this.last.then(() => this.ask(databaseUrl, words));
		this.last = outcome.catch(() => {});
		return outcome;
	}

	private async ask(databaseUrl: string, words: string[]): Promise<CommandOutcome> {
		this.server ??= this.start();
		const { input, answers, ended } = this.server;
		const answer = once(answers, 'line');
		input.write(`${JSON.stringify({ databaseUrl, words })}\n`);
		// Nothing of the server keeps this process alive, but an answer that is awaited does.
		const awaited = setInterval(() => {}, 60_000);
		try {
			const [line] = await Promise.race([answer, ended]);
			return JSON.parse(line);
		} finally {
			clearInterval(awaited);
		}
	}

	private start(): Server {
		const args = ['--import', 'tsx', 'tests/support/command-server.ts'];
		const env = { ...process.env, ...WITH_ALIASES };
		const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
		if (!(child.stdout instanceof Socket) || !(child.stdin instanceof Socket)) {
			throw new Error('The command line has no pipes.');
		}
		for (const handle of [child, child.stdin, child.stdout]) handle.unref();
		const ended = once(child, 'exit').then(([code]) => {
			this.server = null;
			throw new Error(`The command line ended with ${code}.`);
		});
		ended.catch(() => {});
		return { input: child.stdin, answers: createInterface({ input: child.stdout }), ended };
	}
}

const commandServer = new CommandServer();

/** A REST token for one of the demo people. */
export async function createTokenFor(databaseUrl: string, email: string): Promise<string> {
	const { stdout, stderr } = await runTalktime(databaseUrl, ['token', 'create', '--email', email]);
	if (!stdout.startsWith('tt_')) throw new Error(`No token for ${email}: ${stderr}`);
	return stdout.trim();
}
