const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text is a UUID as we write it: in small letters. Nothing else may be asked of a column of them. */
export function isUuid(text: string | null | undefined): text is string {
	return text !== null && text !== undefined && UUID.test(text);
}
