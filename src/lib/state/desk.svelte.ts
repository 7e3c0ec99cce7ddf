import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { isTerminal } from '$lib/domain/call/status';
import type { CallView, OutcomeView } from '$lib/views';
import type { AppState } from './app-state.svelte';
import { NoteDraft } from './note-draft.svelte';
import { OutcomeForm } from './outcome-form.svelte';

const LEFT_OPEN = 'talktime-left-open';
const LEFT_OPEN_MAX = 20;

export interface DeskOptions {
	app: AppState;
	/** The call that ended before the page was opened and that nobody has spoken of. */
	unspoken: CallView | null;
	outcomes: Record<string, OutcomeView>;
	/** IANA zone of who was called; for the call-back time. */
	timezoneOf: (call: CallView) => string;
}

/**
 * What lies before the agent: a call that lives, else one that has ended and wants a word, else nothing.
 * The page tells it of calls; what is written and chosen is kept for each.
 */
export class Desk {
	readonly #options: DeskOptions;
	#ended = $state.raw<CallView | null>(null);
	#outcomes = new SvelteMap<string, OutcomeView>();
	#leftOpen = new SvelteSet<string>();
	// A draft that is made while a page is drawn must not draw it again.
	// eslint-disable-next-line svelte/prefer-svelte-reactivity
	#drafts = new Map<string, { note: NoteDraft; form: OutcomeForm }>();
	#live = $derived.by(() => this.#options.app.activeCalls.mine.at(-1) ?? null);
	#call = $derived.by(() => this.#live ?? this.#unspoken());

	constructor(options: DeskOptions) {
		this.#options = options;
		this.#ended = options.unspoken;
		for (const outcome of Object.values(options.outcomes)) this.hear(outcome);
		for (const callId of readLeftOpen()) this.#leftOpen.add(callId);
	}

	/** The call that is talked, or that wants a word. */
	get call(): CallView | null {
		return this.#call;
	}

	get isLive(): boolean {
		return this.#live !== null;
	}

	/** What became of a call, if somebody has said. */
	outcomeOf(callId: string): OutcomeView | null {
		return this.#outcomes.get(callId) ?? null;
	}

	hear(outcome: OutcomeView): void {
		const known = this.#outcomes.get(outcome.callId);
		if (!known || known.updatedAt <= outcome.updatedAt) this.#outcomes.set(outcome.callId, outcome);
	}

	/** A call of this person goes on or has ended: it stays on the desk until it is spoken of. */
	follow(call: CallView): void {
		this.#ended = call;
	}

	/** Nothing is said of it now; it can be said later where calls are listed. */
	leaveOpen(callId: string): void {
		this.#leftOpen.add(callId);
		keepLeftOpen([...this.#leftOpen]);
	}

	/** Brings a call back that was spoken of or left open. */
	reopen(call: CallView): void {
		this.#outcomes.delete(call.id);
		this.#leftOpen.delete(call.id);
		this.#ended = call;
	}

	/** Note and outcome of a call, as they are being written. */
	draftOf(call: CallView): { note: NoteDraft; form: OutcomeForm } {
		const known = this.#drafts.get(call.id);
		if (known) return known;
		const { app, timezoneOf } = this.#options;
		const note = new NoteDraft(app.client, call.id, app.user.id);
		if (typeof window !== 'undefined') void note.resume();
		const form = new OutcomeForm({
			client: app.client,
			note,
			timezone: () => timezoneOf(call),
			nowMs: () => app.clock.nowMs()
		});
		const draft = { note, form };
		this.#drafts.set(call.id, draft);
		return draft;
	}

	/** Saves every note that is not saved yet. */
	flush(): void {
		for (const { note } of this.#drafts.values()) void note.flush();
	}

	#unspoken(): CallView | null {
		const ended = this.#ended && this.#options.app.calls.newest(this.#ended);
		if (!ended || !isTerminal(ended.status)) return null;
		return this.#outcomes.has(ended.id) || this.#leftOpen.has(ended.id) ? null : ended;
	}
}

function readLeftOpen(): string[] {
	if (typeof sessionStorage === 'undefined') return [];
	const text = sessionStorage.getItem(LEFT_OPEN) ?? '';
	return text.split(' ').filter(Boolean);
}

function keepLeftOpen(callIds: string[]): void {
	sessionStorage.setItem(LEFT_OPEN, callIds.slice(-LEFT_OPEN_MAX).join(' '));
}
