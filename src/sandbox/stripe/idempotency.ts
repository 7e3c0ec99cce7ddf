import type { Answer } from '../http';
import { StripeError } from './errors';

const KEPT_MS = 24 * 3_600_000;
const LONGEST_KEY = 255;

interface KeptAnswer {
	fingerprint: string;
	/** Null while the first request with the key is under way. */
	answer: Answer | null;
	expiresAtMs: number;
}

/** Answers by `Idempotency-Key` (PROVIDERS.md 4.6). `nowMs` is simulated time. */
export class IdempotencyKeys {
	readonly #kept = new Map<string, KeptAnswer>();

	/**
	 * Claims a key for a request. The answer of the first request with it when there is one, else
	 * null. Throws idempotency_error for other parameters, and 409 while the first is under way.
	 */
	claim(key: string, fingerprint: string, nowMs: number): Answer | null {
		if (key.length > LONGEST_KEY) {
			throw new StripeError(
				400,
				'invalid_request_error',
				'Idempotency-Key is over 255 characters.'
			);
		}
		const kept = this.#kept.get(key);
		if (kept === undefined || kept.expiresAtMs <= nowMs) {
			this.#kept.set(key, { fingerprint, answer: null, expiresAtMs: nowMs + KEPT_MS });
			return null;
		}
		if (kept.fingerprint !== fingerprint) {
			throw new StripeError(
				400,
				'idempotency_error',
				'Keys for idempotent requests can only be used with the same parameters they were first used with. ' +
					`Try using a key other than '${key}' if you meant to execute a different request.`
			);
		}
		if (kept.answer === null) {
			throw new StripeError(
				409,
				'idempotency_error',
				`There is currently another in-progress request using this Idempotent Key: ${key}`,
				{ code: 'idempotency_key_in_use' }
			);
		}
		return kept.answer;
	}

	keep(key: string, answer: Answer): void {
		const kept = this.#kept.get(key);
		if (kept !== undefined) kept.answer = answer;
	}

	/** Forgets a key whose request never began to execute. */
	release(key: string): void {
		this.#kept.delete(key);
	}

	clear(): void {
		this.#kept.clear();
	}
}
