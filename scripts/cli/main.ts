/** The command line without a process around it: words in, text and an exit code out. */
import { isConnectionTrouble } from '$lib/server/db/trouble';
import { COMMANDS, findCommand } from './commands';
import { parseOptions, UsageError } from './options';
import { runCommand } from './run';

export interface CommandOutcome {
	exitCode: number;
	stdout: string;
	stderr: string;
}

const HELP = `Usage: npm run talktime -- <command> [options]

${COMMANDS.map((command) => `  ${command.usage.padEnd(78)} ${command.summary}`).join('\n')}

  --json prints the result as one JSON value; --help shows this.`;

/** Never throws: what went wrong is one line, and 2 for words that were wrong, 1 for anything else. */
export async function runWords(words: string[]): Promise<CommandOutcome> {
	try {
		const { exitCode, text } = await answer(words);
		return { exitCode, stdout: `${text}\n`, stderr: '' };
	} catch (error) {
		const message = isConnectionTrouble(error)
			? 'the database cannot be reached; is DATABASE_URL right, and the server up?'
			: error instanceof Error
				? error.message
				: String(error);
		const exitCode = error instanceof UsageError ? 2 : 1;
		return { exitCode, stdout: '', stderr: `talktime: ${message.split('\n')[0]}\n` };
	}
}

async function answer(words: string[]): Promise<{ exitCode: number; text: string }> {
	const isHelp = words.length === 0 || words.includes('--help') || words.includes('-h');
	const command = findCommand(words);
	if (isHelp) {
		const text = command ? `Usage: npm run talktime -- ${command.usage}\n${command.summary}` : HELP;
		return { exitCode: words.length === 0 ? 2 : 0, text };
	}
	if (!command) {
		throw new UsageError(`There is no command "${words.slice(0, 2).join(' ')}". Try --help.`);
	}
	const options = parseOptions(command, words.slice(command.words.length));
	const { line, json, exitCode = 0 } = await runCommand(command, options);
	return { exitCode, text: options.flags.json ? JSON.stringify(json) : line };
}
