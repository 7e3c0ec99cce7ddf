import type { CommandLine } from './command';
import { backupCommands } from './commands/backup';
import { booksCommands } from './commands/books';
import { callsCommands } from './commands/calls';
import { databaseCommands } from './commands/database';
import { erasureCommands } from './commands/erasure';
import { historyCommands } from './commands/history';
import { minutesCommands } from './commands/minutes';
import { organizationsCommands } from './commands/organizations';
import { paymentsCommands } from './commands/payments';
import { peopleCommands } from './commands/people';
import { walletCommands } from './commands/wallet';

/** Every command, in the order of --help. */
export const COMMANDS: CommandLine[] = [
	...databaseCommands,
	...peopleCommands,
	...erasureCommands,
	...organizationsCommands,
	...minutesCommands,
	...callsCommands,
	...walletCommands,
	...historyCommands,
	...callsCommands,
	...paymentsCommands,
	...booksCommands,
	...backupCommands
];

export function findCommand(words: string[]): CommandLine | undefined {
	return COMMANDS.find((command) => command.words.every((word, index) => words[index] === word));
}
