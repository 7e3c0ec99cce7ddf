import type { Context } from '$lib/server/context';

export interface CommandResult {
	/** What it did, for people. */
	line: string;
	/** The same for programs. */
	json: unknown;
	exitCode?: number;
}

export type Values = Record<string, string | undefined>;

export interface CommandLine {
	words: string[];
	usage: string;
	summary: string;
	required: string[];
	optional: string[];
	/** What it takes without a name, for messages. */
	operand?: string;
	/** It talks to phone providers. */
	usesProviders?: boolean;
	run(ctx: Context, values: Values): Promise<CommandResult>;
}

/** Value of a required option: parseOptions has refused the command without it. */
export function given(values: Values, name: string): string {
	return values[name] ?? '';
}
