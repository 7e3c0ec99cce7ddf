import { z } from 'zod';

export interface JsonSchema {
	[key: string]: unknown;
	properties?: Record<string, JsonSchema>;
	required?: string[];
}

/**
 * The JSON Schema of a verb's input under the names that REST uses for its fields. Only fields that have a
 * name here can be sent.
 * @param names REST's name for each field of the input
 */
export function requestSchema(
	input: z.ZodType,
	names: Record<string, string>,
	optional: readonly string[] = []
): JsonSchema {
	// The JSON Schema of an object, whose shape zod vouches for.
	const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
	const properties = Object.fromEntries(
		Object.entries(names).map(([field, name]) => {
			const property = schema.properties?.[field];
			if (!property) throw new Error(`The input has no field ${field}.`);
			return [name, property];
		})
	);
	const required = (schema.required ?? [])
		.map((field) => names[field])
		.filter((name): name is string => name !== undefined && !optional.includes(name));
	return { type: 'object', properties, ...(required.length > 0 && { required }) };
}

/** What a handler answers with. */
export function responseSchema(answer: z.ZodType): JsonSchema {
	const { $schema: _dialect, ...schema } = z.toJSONSchema(answer, { io: 'output' });
	return schema as JsonSchema; // the JSON Schema of an object
}
