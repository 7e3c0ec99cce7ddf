/**
 * Reads what a client says to PostgreSQL, message by message (protocol 3.0, "Message Formats"), and tells
 * when it asks for a COMMIT, and after which statements.
 */

/** A commit that was asked for, with the statements of its transaction, oldest first. */
export interface AskedCommit {
	statements: string[];
}

const LENGTH_BYTES = 4;
/** Statements of one transaction that are remembered. */
const STATEMENTS_MAX = 200;

export class FrontendReader {
	private rest = Buffer.alloc(0);
	private hasStarted = false;
	private readonly textByName = new Map<string, string>();
	private statements: string[] = [];

	/** @returns the commits that are complete with this chunk */
	read(chunk: Buffer): AskedCommit[] {
		this.rest = Buffer.concat([this.rest, chunk]);
		const commits: AskedCommit[] = [];
		for (let message = this.take(); message !== null; message = this.take()) {
			const statement = this.statementOf(message);
			if (statement === null) continue;
			if (/^\s*begin\b/i.test(statement)) this.statements = [];
			else if (/^\s*commit\b/i.test(statement)) commits.push({ statements: this.statements });
			else if (this.statements.length < STATEMENTS_MAX) this.statements.push(statement);
		}
		return commits;
	}

	/** The next whole message; the first one of a connection has no type. */
	private take(): { type: string; body: Buffer } | null {
		const typeBytes = this.hasStarted ? 1 : 0;
		if (this.rest.length < typeBytes + LENGTH_BYTES) return null;
		const end = typeBytes + this.rest.readInt32BE(typeBytes);
		if (this.rest.length < end) return null;
		const type = this.hasStarted ? String.fromCharCode(this.rest[0] ?? 0) : '';
		const body = this.rest.subarray(typeBytes + LENGTH_BYTES, end);
		this.rest = this.rest.subarray(end);
		this.hasStarted = true;
		return { type, body };
	}

	/** What is asked to be run: a simple query, or a prepared statement that is bound. */
	private statementOf({ type, body }: { type: string; body: Buffer }): string | null {
		const [first = '', second = ''] = body.toString('utf8').split('\0', 2);
		switch (type) {
			case 'Q':
				return first;
			case 'P':
				this.textByName.set(first, second);
				return null;
			case 'B':
				return this.textByName.get(second) ?? null;
			default:
				return null;
		}
	}
}
