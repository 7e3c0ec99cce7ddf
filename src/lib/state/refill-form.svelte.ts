import { formatMicros, parseMicros } from '$lib/domain/money';
import type { TalktimeClient } from '$lib/trpc/client';
import type { AutoRefillView, CreditsView } from '$lib/views';
import { RequestForm } from './request-form.svelte';
import type { TopUpAmount } from './top-ups.svelte';

const DOLLARS = /^\d{1,7}(\.\d{1,2})?$/;
const THRESHOLD_MAX = 1_000;
const CAP_MAX = 1_000_000;
const THRESHOLD_SENTENCE = 'Enter dollars from 1 to 1,000, such as 10 or 12.50.';

/** The settings of auto-refill being changed. */
export class RefillForm extends RequestForm<CreditsView> {
	amount = $state<TopUpAmount>(50);
	hasCap = $state(false);
	threshold = $state('');
	cap = $state('');
	protected readonly promise = 'Saving again is safe.';
	protected readonly fieldNames = ['threshold', 'monthlyCap', 'amount'];
	#client: TalktimeClient;

	constructor(client: TalktimeClient, refill: AutoRefillView) {
		super();
		this.#client = client;
		this.amount = Number(refill.amount) === 100 ? 100 : 50;
		this.threshold = shortDollars(refill.threshold);
		this.hasCap = refill.monthlyCap !== null;
		this.cap = shortDollars(refill.monthlyCap ?? '500');
	}

	/** What would be saved, as the sentence that says it needs it; null while a field is wrong. */
	get draft(): Pick<AutoRefillView, 'amount' | 'threshold' | 'monthlyCap'> | null {
		if (Object.keys(this.check()).length > 0) return null;
		return {
			amount: String(this.amount),
			threshold: plainDollars(this.threshold),
			monthlyCap: this.hasCap ? plainDollars(this.cap) : null
		};
	}

	protected request(): Promise<CreditsView> {
		return this.#client.wallet.updateSettings.mutate({
			amount: this.amount,
			threshold: plainDollars(this.threshold),
			monthlyCap: this.hasCap ? plainDollars(this.cap) : null
		});
	}

	protected asSent(): string {
		return `${this.amount} ${this.threshold} ${this.hasCap} ${this.cap}`;
	}

	protected check(): Record<string, string> {
		const isCapRight = !this.hasCap || isBetween(this.cap, this.amount, CAP_MAX);
		return {
			...(!isBetween(this.threshold, 1, THRESHOLD_MAX) && { threshold: THRESHOLD_SENTENCE }),
			...(!isCapRight && {
				monthlyCap: `Enter dollars from ${this.amount}, one refill, to 1,000,000.`
			})
		};
	}
}

function plainDollars(text: string): string {
	return text.replace(/[$,\s]/g, '');
}

function isBetween(text: string, from: number, to: number): boolean {
	const plain = plainDollars(text);
	return DOLLARS.test(plain) && Number(plain) >= from && Number(plain) <= to;
}

/** `10.00` as people type it: `10`. */
function shortDollars(dollars: string): string {
	return formatMicros(parseMicros(dollars)).replace(/\.00$/, '');
}
