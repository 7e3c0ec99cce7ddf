import { readTypedNumber, type TypedNumber } from '$lib/domain/dial/typed-number';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { DialLookupView } from '$lib/views';
import type { CallRates } from './call-rates.svelte';

const PAUSE_MS = 150;

export interface NumberLookupOptions {
	client: TalktimeClient;
	rates: CallRates;
	/** ISO country of numbers without a country code. */
	country: () => string;
}

/** The number at the dialer, and what is known of it as soon as it is one. */
export class NumberLookup {
	readonly #options: NumberLookupOptions;
	#text = $state('');
	#view = $state.raw<DialLookupView | null>(null);
	#problem = $state<string | null>(null);
	#isLooking = $state(false);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#asked: string | null = null;
	#typed = $derived.by<TypedNumber>(() => readTypedNumber(this.#text, this.#options.country()));

	constructor(options: NumberLookupOptions) {
		this.#options = options;
	}

	get text(): string {
		return this.#text;
	}

	get typed(): TypedNumber {
		return this.#typed;
	}

	/** What is known of the number; null while it is none, or is being asked for. */
	get view(): DialLookupView | null {
		return this.#view && this.#view.estimate.to === this.#typed.e164 ? this.#view : null;
	}

	get isLooking(): boolean {
		return this.#isLooking;
	}

	get problem(): string | null {
		return this.#problem;
	}

	/** @param text as it stands in the field now */
	set(text: string): void {
		this.#text = text;
		const { e164 } = this.#typed;
		clearTimeout(this.#timer);
		this.#problem = null;
		if (e164 === this.#asked && this.view) return;
		this.#asked = e164;
		this.#isLooking = e164 !== null;
		if (e164 !== null) this.#timer = setTimeout(() => void this.#ask(e164), PAUSE_MS);
	}

	press(key: string): void {
		this.set(readTypedNumber(this.#text + key, this.#options.country()).formatted);
	}

	/** Asks again: a call has ended, or credit has changed. */
	async refresh(): Promise<void> {
		const { e164 } = this.#typed;
		if (e164 !== null) await this.#ask(e164);
	}

	clear(): void {
		this.set('');
		this.#view = null;
	}

	async #ask(e164: string): Promise<void> {
		try {
			const view = await this.#options.client.dialer.lookUp.query({ phone: e164 });
			this.#options.rates.know(view.estimate.to, view.estimate.ratePerMinute);
			if (this.#asked === e164) this.#view = view;
		} catch (thrown) {
			if (this.#asked === e164) this.#problem = readRefusal(thrown).message;
		} finally {
			if (this.#asked === e164) this.#isLooking = false;
		}
	}
}
