/** Ends a switch over a union: a new member without a case does not compile. */
export function assertNever(value: never): never {
	throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
