import { parseArgs } from 'node:util';
import type { CommandLine } from './command';

/** The words of the command were not as they should be. */
export class UsageError extends Error {}

export interface Options {
	/** By name; the operand under the name the command gives it. */
	values: Record<string, string | undefined>;
	flags: { json: boolean };
}

/** @throws UsageError in one line naming the option */
export function parseOptions(command: CommandLine, words: string[]): Options {
	const names = [...command.required, ...command.optional];
	const declared = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
	let values: Record<string, string | boolean | undefined>;
	let positionals: string[];
	try {
		({ values, positionals } = parseArgs({
			args: words,
			options: { ...declared, json: { type: 'boolean' } },
			allowPositionals: command.operand !== undefined,
			strict: true
		}));
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
	const missing = command.required.find((name) => typeof values[name] !== 'string');
	if (missing) throw new UsageError(`--${missing} is missing. Usage: ${command.usage}`);
	const { operand } = command;
	if (operand !== undefined && positionals.length !== 1) {
		throw new UsageError(`One ${operand} is needed. Usage: ${command.usage}`);
	}
	const named = names.map((name) => [
		name,
		typeof values[name] === 'string' ? values[name] : undefined
	]);
	return {
		values: Object.fromEntries(
			operand === undefined ? named : [...named, [operand, positionals[0]]]
		),
		flags: { json: values.json === true }
	};
}

/** A whole number from an option. @throws UsageError naming it */
export function wholeNumber(name: string, text: string | undefined): number {
	if (text === undefined || !/^-?\d{1,10}$/.test(text)) {
		throw new UsageError(`--${name} must be a whole number, not "${text ?? ''}".`);
	}
	return Number(text);
}
