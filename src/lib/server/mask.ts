/** What no log line may hold: phone numbers in full, secrets of the configuration, links that open something. */
const PHONE = /(\+|%2B)([1-9]\d)\d{3,9}(\d{2})(?!\d)/gi;
const SECRET_QUERY = /([?&](?:token|key|code)=)[^&\s"'\\]+/gi;
const API_TOKEN = /\btt_[\w-]{20,}/g;
/** Drizzle tells the values of a query that failed, people's data among them. */
const QUERY_VALUES = /\\nparams: .*?(?=\\n {4}at |",|"\})/g;
/** Shorter ones would blot out words that only look like them. */
const SECRET_LENGTH_MIN = 8;

/**
 * Makes the function that every line goes through on its way out.
 * @param secrets values that must never be read in a log
 */
export function createMask(secrets: readonly string[] = []): (line: string) => string {
	const known = secrets
		.filter((secret) => secret.length >= SECRET_LENGTH_MIN)
		// As they stand in a line of JSON.
		.map((secret) => JSON.stringify(secret).slice(1, -1));
	return (line) => {
		let masked = line
			.replace(QUERY_VALUES, '\\nparams: [redacted]')
			.replace(SECRET_QUERY, '$1[redacted]')
			.replace(API_TOKEN, '[redacted]')
			.replace(PHONE, '$1$2…$3');
		for (const secret of known) masked = masked.replaceAll(secret, '[redacted]');
		return masked;
	};
}
