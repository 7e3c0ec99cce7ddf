import { v7 as uuid } from 'uuid';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { MinutesView } from '$lib/views';

const MINUTES_MAX = 1_000_000;
const REASON_MIN = 3;
const REASON_MAX = 200;

interface RefusedValues {
	fields: Record<string, string>;
	amount: string;
	reason: string;
}

/**
 * One allocation being filled in. Its request id lives until it is known what became of it, so that
 * sending again after a lost answer never allocates twice.
 */
export class AllocationForm {
	amount = $state('');
	reason = $state('');
	#client: TalktimeClient;
	#organizationId: number;
	#requestId = uuid();
	#isSending = $state(false);
	#hasTried = $state(false);
	#isUndecided = $state(false);
	/** What the server refused, with the values it refused: it holds until they change. */
	#refused = $state.raw<RefusedValues>({ fields: {}, amount: '', reason: '' });
	#problem = $state<string | null>(null);

	constructor(client: TalktimeClient, organizationId: number) {
		this.#client = client;
		this.#organizationId = organizationId;
	}

	/** The id the allocation has once it is sent and taken. */
	get allocationId(): string {
		return this.#requestId;
	}

	get isSending(): boolean {
		return this.#isSending;
	}

	/** It was sent and no answer came: what was sent must not change until it is known. */
	get isUndecided(): boolean {
		return this.#isUndecided;
	}

	/** The sentence for each field, by its name. */
	get errors(): Record<string, string> {
		const { fields, amount, reason } = this.#refused;
		const isUnchanged = amount === this.amount && reason === this.reason;
		return { ...(isUnchanged ? fields : {}), ...(this.#hasTried ? this.#check() : {}) };
	}

	/** What went wrong beside the fields. */
	get problem(): string | null {
		return this.#problem;
	}

	/** The amount when it is one that can be allocated. */
	get minutes(): number | null {
		const text = this.amount.replaceAll(',', '').trim();
		const minutes = /^\d{1,7}$/.test(text) ? Number(text) : 0;
		return minutes >= 1 && minutes <= MINUTES_MAX ? minutes : null;
	}

	/** Sends the allocation. Returns the new credit, or null when something is to be put right first. */
	async send(): Promise<MinutesView | null> {
		this.#problem = null;
		this.#hasTried = true;
		const minutes = this.minutes;
		if (this.#isSending || minutes === null || Object.keys(this.#check()).length > 0) return null;
		this.#isSending = true;
		try {
			return await this.#client.admin.minutes.allocate.mutate({
				requestId: this.#requestId,
				organizationId: this.#organizationId,
				minutes,
				reason: this.reason.trim()
			});
		} catch (thrown) {
			const refusal = readRefusal(thrown);
			this.#isUndecided = !refusal.isDecided;
			if (refusal.isDecided) this.#requestId = uuid();
			this.#refused = { fields: refusal.fields, amount: this.amount, reason: this.reason };
			const isBesideField = 'minutes' in refusal.fields || 'reason' in refusal.fields;
			if (!isBesideField) this.#problem = refusal.message;
			if (this.#isUndecided) this.#problem += ' Sending it again never allocates twice.';
			return null;
		} finally {
			this.#isSending = false;
		}
	}

	#check(): Record<string, string> {
		const errors: Record<string, string> = {};
		if (this.minutes === null) {
			errors.minutes = `Enter whole minutes from 1 to ${MINUTES_MAX.toLocaleString('en-US')}.`;
		}
		const length = this.reason.trim().length;
		if (length < REASON_MIN) errors.reason = 'Say why in three letters or more.';
		if (length > REASON_MAX) errors.reason = `Keep the reason under ${REASON_MAX} letters.`;
		return errors;
	}
}
