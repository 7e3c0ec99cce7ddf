/** `npm run talktime -- <command>`: the command line. Each command says what it did in one line. */
import { isConnectionTrouble } from '$lib/server/db/trouble';
import { COMMANDS, findCommand } from './cli/commands';
import { parseOptions, UsageError } from './cli/options';
import { runCommand } from './cli/run';

const HELP = `Usage: npm run talktime -- <command> [options]

${COMMANDS.map((command) => `  ${command.usage.padEnd(78)} ${command.summary}`).join('\n')}

  --json prints the result as one JSON value; --help shows this.`;

async function main(words: string[]): Promise<number> {
	const isHelp = words.length === 0 || words.includes('--help') || words.includes('-h');
	const command = findCommand(words);
	if (isHelp) {
		process.stdout.write(
			command ? `Usage: npm run talktime -- ${command.usage}\n${command.summary}\n` : `${HELP}\n`
		);
		return words.length === 0 ? 2 : 0;
	}
	if (!command) {
		throw new UsageError(`There is no command "${words.slice(0, 2).join(' ')}". Try --help.`);
	}
	const options = parseOptions(command, words.slice(command.words.length));
	const { line, json, exitCode = 0 } = await runCommand(command, options);
	process.stdout.write(options.flags.json ? `${JSON.stringify(json)}\n` : `${line}\n`);
	return exitCode;
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	const message = isConnectionTrouble(error)
		? 'the database cannot be reached; is DATABASE_URL right, and the server up?'
		: error instanceof Error
			? error.message
			: String(error);
	process.stderr.write(`talktime: ${message.split('\n')[0]}\n`);
	process.exitCode = error instanceof UsageError ? 2 : 1;
}
