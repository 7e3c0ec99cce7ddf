import { createContext } from 'svelte';
import { isoOf } from '$lib/components/format/time';
import { isAllowed } from '$lib/domain/permissions';
import { createTalktimeClient } from '$lib/trpc/client';
import type { TalktimeClient } from '$lib/trpc/client';
import type { Refusal } from '$lib/trpc/refusal';
import type {
	AlertView,
	BlockView,
	CallBackView,
	CallView,
	SalesRequestView,
	UserView
} from '$lib/views';
import { ActiveCalls } from './active-calls.svelte';
import { AlertInbox } from './alert-inbox.svelte';
import { CallBacks } from './call-backs.svelte';
import { CallPlacer } from './call-placer.svelte';
import { CallRates } from './call-rates.svelte';
import { CallStore } from './call-store.svelte';
import { Callers } from './callers.svelte';
import { LiveFeed } from './live-feed.svelte';
import {
	createCampaignsStore,
	createCreditsStore,
	createMetricsStore,
	createMinutesStore
} from './newest-views.svelte';
import { openFeed } from './open-feed';
import { Proof } from './proof.svelte';
import { Phone } from './phone.svelte';
import { ServerClock } from './server-clock.svelte';

const OWN_CALLS_LOOKED_AT = 100;

export interface AppStateOptions {
	user: UserView;
	serverNowMs: number;
	/** Loads the page's data anew. */
	reload: () => Promise<void>;
	onCallEnded: (call: CallView) => void;
	onCallBusy: (block: BlockView) => void;
	/** Somebody without minutes asks sales for more. */
	onSalesRequested: (request: SalesRequestView) => void;
	onAlert: (alert: AlertView) => void;
	onRefused: (refusal: Refusal, retry?: () => void) => void;
	/** Something about the phone in this browser the person must know. */
	onPhoneTrouble: (sentence: string) => void;
	onCallBackDue: (callBack: CallBackView) => void;
}

/** Everything a signed-in page shares. Made once by the layout, read through context. */
export class AppState {
	readonly user: UserView;
	readonly proof = new Proof((answer) => this.client.account.prove.mutate(answer));
	readonly client: TalktimeClient = createTalktimeClient({ askForProof: () => this.proof.ask() });
	readonly clock: ServerClock;
	readonly calls = new CallStore();
	readonly minutes = createMinutesStore();
	readonly credits = createCreditsStore();
	readonly metrics = createMetricsStore();
	readonly campaigns = createCampaignsStore();
	readonly feed: LiveFeed;
	#onSalesRequested: (request: SalesRequestView) => void;
	readonly alerts: AlertInbox;
	readonly activeCalls: ActiveCalls;
	readonly placer: CallPlacer;
	readonly phone: Phone;
	readonly rates: CallRates;
	readonly callers: Callers;
	readonly callBacks: CallBacks;

	constructor(options: AppStateOptions) {
		const { client, calls } = this;
		this.user = options.user;
		this.#onSalesRequested = options.onSalesRequested;
		this.clock = new ServerClock(options.serverNowMs);
		this.feed = new LiveFeed({
			open: openFeed(
				client,
				options.user.role === 'super_admin' ? 'fleet' : 'organization',
				// Loaded anew, the page leads to the sign-in.
				() => void options.reload()
			),
			reload: async () => {
				await Promise.all([options.reload(), this.#readCalls()]);
			}
		});
		this.alerts = new AlertInbox({
			client,
			isFleet: options.user.role === 'super_admin',
			onToast: options.onAlert
		});
		this.activeCalls = new ActiveCalls({
			userId: options.user.id,
			calls,
			client,
			clock: this.clock,
			onEnded: options.onCallEnded,
			onRefused: options.onRefused
		});
		this.rates = new CallRates(client);
		this.callers = new Callers(client);
		this.phone = new Phone({
			client,
			now: () => isoOf(this.clock.nowMs()),
			onTrouble: ({ sentence }) => options.onPhoneTrouble(sentence),
			onIncoming: (from) => void this.callers.learn(from),
			isOver: (callId) => !this.activeCalls.mine.some(({ id }) => id === callId)
		});
		this.callBacks = new CallBacks({
			userId: options.user.id,
			client,
			clock: this.clock,
			onDue: options.onCallBackDue,
			onRefused: options.onRefused
		});
		this.placer = new CallPlacer({
			client,
			clock: this.clock,
			chooseDevice: () => this.phone.prepare(),
			onPlaced: (call) => {
				this.activeCalls.hear(call);
				if (call.device === 'browser') void this.phone.connect(call.id);
			},
			onBusy: options.onCallBusy,
			onRefused: options.onRefused
		});
	}

	/** Begins to follow what happens. Returns how to stop. */
	start(cursor: string | null): () => void {
		const stops = [
			this.feed.on('call:created', (call) => this.activeCalls.hear(call)),
			this.feed.on('call:updated', (call) => this.activeCalls.hear(call)),
			this.feed.on('minutes:updated', (minutes) => this.minutes.merge(minutes)),
			this.feed.on('credits:updated', (credits) => this.credits.merge(credits)),
			this.feed.on('metrics:updated', (metrics) => this.metrics.merge(metrics)),
			this.feed.on('alert:created', (alert) => this.alerts.hear(alert)),
			this.alerts.start(),
			this.feed.on('campaign:updated', (campaign) => this.campaigns.merge(campaign)),
			this.feed.on('sales:requested', this.#onSalesRequested),
			this.feed.on('call_back:updated', (callBack) => this.callBacks.hear(callBack)),
			...(isAllowed(this.user.role, 'outcomes.write')
				? [this.phone.start(), this.callBacks.start()]
				: [])
		];
		this.feed.start(cursor);
		void this.#readCalls();
		return () => {
			this.feed.stop();
			for (const stop of stops) stop();
		};
	}

	/** Finds calls of this person that were live before the page was opened. */
	async #readCalls(): Promise<void> {
		try {
			const calls = await this.client.calls.recent.query({ limit: OWN_CALLS_LOOKED_AT });
			for (const call of calls) this.activeCalls.hear(call);
		} catch {
			// The feed says by its state that the server cannot be reached; the next reading follows it.
		}
	}
}

export const [getAppState, setAppState] = createContext<AppState>();
