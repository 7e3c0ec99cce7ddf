/** Who caused a change. Written with it into the audit log. */
export type Actor = (
	| { kind: 'user'; userId: string }
	| { kind: 'command_line' }
	| { kind: 'job' }
	| { kind: 'webhook' }
) & { from?: Whence };

/** The request a change came with. */
export interface Whence {
	/** Null: a proxy did not say. */
	address: string | null;
	requestId: string;
}
