import { v7 as uuid } from 'uuid';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { PowerDialView, PowerLeadView } from '$lib/views';

export interface PowerDialingOptions {
	client: TalktimeClient;
	first: PowerDialView | null;
	/** Calls the lead that is in front now. */
	onLead: (lead: PowerLeadView) => void;
}

/** Going through a lead list: the next lead is called when it is said what became of the one before. */
export class PowerDialing {
	readonly #options: PowerDialingOptions;
	#view = $state.raw<PowerDialView | null>(null);
	#isBusy = $state(false);
	#problem = $state<string | null>(null);
	/** Kept until it is known what became of the start. */
	#startId: string | null = null;

	constructor(options: PowerDialingOptions) {
		this.#options = options;
		this.#view = options.first;
	}

	/** The list being called, or the one that was done last. */
	get view(): PowerDialView | null {
		return this.#view;
	}

	get isOpen(): boolean {
		return this.#view?.state === 'running' || this.#view?.state === 'paused';
	}

	get isRunning(): boolean {
		return this.#view?.state === 'running';
	}

	/** The lead in front of the agent. */
	get lead(): PowerLeadView | null {
		return this.isOpen ? (this.#view?.lead ?? null) : null;
	}

	get isBusy(): boolean {
		return this.#isBusy;
	}

	get problem(): string | null {
		return this.#problem;
	}

	/** Begins with the first lead that may be called, and calls it. */
	async start(leadListId: string): Promise<void> {
		const powerDialId = (this.#startId ??= uuid());
		const isDone = await this.#send(() =>
			this.#options.client.dialer.startPowerDial.mutate({ powerDialId, leadListId })
		);
		if (!isDone) return;
		this.#startId = null;
		this.#callLead();
	}

	/** Goes on to the next lead and calls it, when the list is running. */
	async next({ isSkipped = false } = {}): Promise<void> {
		const { view } = this;
		if (view?.state !== 'running') return;
		const isDone = await this.#send(() =>
			this.#options.client.dialer.nextLead.mutate({
				powerDialId: view.id,
				afterContactId: view.lead?.contactId ?? null,
				isSkipped
			})
		);
		if (isDone) this.#callLead();
	}

	async change(action: 'pause' | 'resume' | 'stop'): Promise<void> {
		const { view } = this;
		if (!view || !this.isOpen) return;
		await this.#send(() =>
			this.#options.client.dialer.changePowerDial.mutate({ powerDialId: view.id, action })
		);
	}

	#callLead(): void {
		if (this.isRunning && this.lead) this.#options.onLead(this.lead);
	}

	async #send(request: () => Promise<PowerDialView>): Promise<boolean> {
		if (this.#isBusy) return false;
		this.#isBusy = true;
		this.#problem = null;
		try {
			this.#view = await request();
			return true;
		} catch (thrown) {
			const refusal = readRefusal(thrown);
			this.#problem = refusal.message;
			if (refusal.isDecided) this.#startId = null;
			return false;
		} finally {
			this.#isBusy = false;
		}
	}
}
