import type { z } from 'zod';
import { AppError } from './errors';

/**
 * Reads untrusted input.
 * @throws AppError `invalid` with the first sentence as its message and one sentence per field
 */
export function parseInput<Schema extends z.ZodType>(
	schema: Schema,
	raw: unknown
): z.output<Schema> {
	const parsed = schema.safeParse(raw);
	if (parsed.success) return parsed.data;
	throw invalidInput(parsed.error.issues);
}

export function invalidInput(issues: z.core.$ZodIssue[]): AppError {
	const fields: Record<string, string> = {};
	for (const issue of issues) fields[issue.path.join('.') || 'input'] ??= issue.message;
	return new AppError('invalid', issues[0]?.message ?? 'The input is not valid.', fields);
}
