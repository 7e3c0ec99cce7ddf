import { v7 as uuid } from 'uuid';
import { parseMicros } from '$lib/domain/money';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { CreditsView } from '$lib/views';

const REASON_MIN = 3;
const REASON_MAX = 200;
const DOLLARS = /^\d{1,7}(\.\d{1,2})?$/;

export type Direction = 'add' | 'take';

/**
 * One adjustment of a wallet being filled in. Its request id lives until it is known what became of it,
 * so that sending again after a lost answer never books twice.
 */
export class WalletForm {
	direction = $state<Direction>('add');
	reason = $state('');
	#amount = $state('');
	#client: TalktimeClient;
	#organizationId: number;
	#requestId = uuid();
	#isSending = $state(false);
	#hasTried = $state(false);
	#isUndecided = $state(false);
	/** What the server refused, with what it refused: it holds until that changes. */
	#refused = $state.raw<{ fields: Record<string, string>; sent: string }>({ fields: {}, sent: '' });
	#problem = $state<string | null>(null);

	constructor(client: TalktimeClient, organizationId: number) {
		this.#client = client;
		this.#organizationId = organizationId;
	}

	get amount(): string {
		return this.#amount;
	}

	/** A sign that is typed chooses whether money goes in or out. */
	set amount(text: string) {
		const sign = /^\s*([-−+])/.exec(text)?.[1];
		if (sign) this.direction = sign === '+' ? 'add' : 'take';
		this.#amount = sign ? text.replace(/^\s*[-−+]/, '') : text;
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

	/** Dollars as a decimal string with its sign, when they are an amount that can be booked. */
	get dollars(): string | null {
		const text = this.#amount.replace(/[$,\s]/g, '');
		if (!DOLLARS.test(text) || parseMicros(text) === 0n) return null;
		return this.direction === 'add' ? text : `-${text}`;
	}

	/** The sentence for each field, by its name. */
	get errors(): Record<string, string> {
		const isUnchanged = this.#refused.sent === this.#asSent();
		return {
			...(isUnchanged ? this.#refused.fields : {}),
			...(this.#hasTried ? this.#check() : {})
		};
	}

	/** Books the adjustment. Returns the new wallet, or null when something is to be put right first. */
	async send(): Promise<CreditsView | null> {
		this.#problem = null;
		this.#hasTried = true;
		const amount = this.dollars;
		if (this.#isSending || amount === null || Object.keys(this.#check()).length > 0) return null;
		this.#isSending = true;
		try {
			return await this.#client.admin.wallet.adjust.mutate({
				requestId: this.#requestId,
				organizationId: this.#organizationId,
				amount,
				reason: this.reason.trim()
			});
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
		this.#refused = { fields: refusal.fields, sent: this.#asSent() };
		const isBesideField = 'amount' in refusal.fields || 'reason' in refusal.fields;
		if (!isBesideField) this.#problem = refusal.message;
		if (this.#isUndecided) this.#problem += ' Sending it again never books twice.';
	}

	#asSent(): string {
		return `${this.dollars} ${this.reason}`;
	}

	#check(): Record<string, string> {
		const errors: Record<string, string> = {};
		if (this.dollars === null) {
			errors.amount = 'Enter dollars from 0.01 to 9,999,999, such as 25 or 25.50.';
		}
		const length = this.reason.trim().length;
		if (length < REASON_MIN) errors.reason = 'Say why in three letters or more.';
		if (length > REASON_MAX) errors.reason = `Keep the reason under ${REASON_MAX} letters.`;
		return errors;
	}
}
