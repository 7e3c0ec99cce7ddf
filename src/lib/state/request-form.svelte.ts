import { v7 as uuid } from 'uuid';
import { readRefusal } from '$lib/trpc/refusal';

export const REASON_MAX = 200;
const REASON_MIN = 3;

/**
 * A request being filled in. Its id lives until it is known what became of it, so that sending again
 * after a lost answer never does it twice.
 */
export abstract class RequestForm<Answer> {
	#requestId = uuid();
	#isSending = $state(false);
	#hasTried = $state(false);
	#isUndecided = $state(false);
	/** What the server refused, with what it refused: it holds until that changes. */
	#refused = $state.raw<{ fields: Record<string, string>; sent: string }>({ fields: {}, sent: '' });
	#problem = $state<string | null>(null);

	/** Said when no answer came: why sending again is safe. */
	protected abstract readonly promise: string;

	/** Names of the fields that can say what is wrong with them. */
	protected abstract readonly fieldNames: readonly string[];

	/** The sentence for each field that cannot be sent as it is. */
	protected abstract check(): Record<string, string>;

	/** All that would be sent, as one text. */
	protected abstract asSent(): string;

	protected abstract request(requestId: string): Promise<Answer>;

	/** The id of what is made once it is sent and taken. */
	get requestId(): string {
		return this.#requestId;
	}

	get isSending(): boolean {
		return this.#isSending;
	}

	/** It was sent and no answer came: what was sent must not change until it is known. */
	get isUndecided(): boolean {
		return this.#isUndecided;
	}

	/** What went wrong beside the fields. */
	get problem(): string | null {
		return this.#problem;
	}

	/** The sentence for each field, by its name. */
	get errors(): Record<string, string> {
		const isUnchanged = this.#refused.sent === this.asSent();
		return {
			...(isUnchanged ? this.#refused.fields : {}),
			...(this.#hasTried ? this.check() : {})
		};
	}

	/** Sends it. Returns the answer, or null when something is to be put right first. */
	async send(): Promise<Answer | null> {
		this.#problem = null;
		this.#hasTried = true;
		if (this.#isSending || Object.keys(this.check()).length > 0) return null;
		this.#isSending = true;
		try {
			return await this.request(this.#requestId);
		} catch (thrown) {
			this.#take(thrown);
			return null;
		} finally {
			this.#isSending = false;
		}
	}

	#take(thrown: unknown): void {
		const refusal = readRefusal(thrown);
		this.#isUndecided = !refusal.isDecided;
		if (refusal.isDecided) this.#requestId = uuid();
		this.#refused = { fields: refusal.fields, sent: this.asSent() };
		if (!this.fieldNames.some((name) => name in refusal.fields)) this.#problem = refusal.message;
		if (this.#isUndecided) this.#problem += ` ${this.promise}`;
	}
}

/** What is wrong with a reason; null when it will do. */
export function checkReason(reason: string): string | null {
	const length = reason.trim().length;
	if (length < REASON_MIN) return 'Say why in three letters or more.';
	return length > REASON_MAX ? `Keep the reason under ${REASON_MAX} letters.` : null;
}

/** Whole minutes from a text that may have thousands commas; null when they are none that can be sent. */
export function readMinutes(text: string, most: number): number | null {
	const digits = text.replaceAll(',', '').trim();
	const minutes = /^\d{1,7}$/.test(digits) ? Number(digits) : 0;
	return minutes >= 1 && minutes <= most ? minutes : null;
}
