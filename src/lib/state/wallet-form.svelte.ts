import { parseMicros } from '$lib/domain/money';
import type { TalktimeClient } from '$lib/trpc/client';
import type { CreditsView } from '$lib/views';
import { checkReason, RequestForm } from './request-form.svelte';

const DOLLARS = /^\d{1,7}(\.\d{1,2})?$/;

export type Direction = 'add' | 'take';

/** One adjustment of a wallet being filled in. */
export class WalletForm extends RequestForm<CreditsView> {
	direction = $state<Direction>('add');
	reason = $state('');
	#amount = $state('');
	protected readonly promise = 'Sending it again never books twice.';
	protected readonly fieldNames = ['amount', 'reason'];
	#client: TalktimeClient;
	#organizationId: number;

	constructor(client: TalktimeClient, organizationId: number) {
		super();
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

	/** Dollars as a decimal string with its sign, when they are an amount that can be booked. */
	get dollars(): string | null {
		const text = this.#amount.replace(/[$,\s]/g, '');
		if (!DOLLARS.test(text) || parseMicros(text) === 0n) return null;
		return this.direction === 'add' ? text : `-${text}`;
	}

	protected request(requestId: string): Promise<CreditsView> {
		return this.#client.admin.wallet.adjust.mutate({
			requestId,
			organizationId: this.#organizationId,
			amount: this.dollars ?? '',
			reason: this.reason.trim()
		});
	}

	protected asSent(): string {
		return `${this.dollars} ${this.reason}`;
	}

	protected check(): Record<string, string> {
		const reason = checkReason(this.reason);
		return {
			...(this.dollars === null && {
				amount: 'Enter dollars from 0.01 to 9,999,999, such as 25 or 25.50.'
			}),
			...(reason !== null && { reason })
		};
	}
}
