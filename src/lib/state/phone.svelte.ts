import { TRPCClientError } from '@trpc/client';
import { openSoftphone } from '$lib/softphone/open-softphone';
import { troubleOf, type Trouble } from '$lib/softphone/error-words';
import type { SoftphoneCallState, SoftphoneDevice, SoftphoneEvent } from '$lib/softphone/types';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import { checkMicrophone } from './check-microphone';
import { PhoneLease, leaseBrowser, type LeaseBrowser } from './phone-lease.svelte';

const LEAVE_WITHIN_MS = 5_000;

/** Which device the next call is made with; null: none can be made from here now, which has been told. */
export type CallDevice = 'browser' | 'phone' | null;

/**
 * `elsewhere`: another tab is the phone. `not_set_up`: calls are made by phone here. `broken`: it could not
 * be opened; the next call tries again.
 */
export type PhoneState = 'closed' | 'opening' | 'ready' | 'elsewhere' | 'not_set_up' | 'broken';

export interface InboundCall {
	/** E.164, as the provider says. */
	from: string;
	/** When it was taken, by the server's clock. */
	acceptedAt: string;
}

export interface PhoneOptions {
	client: TalktimeClient;
	/** The moment by the server's clock, ISO. */
	now: () => string;
	/** Something the person must know: what did not happen, why, and what to do. */
	onTrouble: (trouble: Trouble | { sentence: string }) => void;
	onIncoming: (from: string) => void;
	/** A call is known to have ended, whose sound may not have been told so yet. */
	isOver: (callId: string) => boolean;
	openDevice?: Parameters<typeof openSoftphone>[0]['openDevice'];
	browser?: LeaseBrowser | null;
}

/** The phone of this tab: one device, one call at a time. */
export class Phone {
	readonly #options: PhoneOptions;
	readonly #lease: PhoneLease;
	#device: SoftphoneDevice | null = null;
	#state = $state<PhoneState>('closed');
	#callId = $state<string | null>(null);
	#callState = $state<SoftphoneCallState>('closed');
	#lastCallId = $state<string | null>(null);
	#isMuted = $state(false);
	#ringing = $state<string | null>(null);
	#inbound = $state.raw<InboundCall | null>(null);
	#opening: Promise<void> | null = null;
	#isMicrophoneChecked = false;
	#onClosed: () => void = () => {};

	constructor(options: PhoneOptions) {
		this.#options = options;
		this.#lease = new PhoneLease({
			browser: options.browser === undefined ? leaseBrowser() : options.browser,
			isBusy: () => this.isInCall,
			onGained: () => void this.#open(),
			onLost: () => this.#close('elsewhere')
		});
	}

	get state(): PhoneState {
		return this.#state;
	}

	/** The call whose sound is in this tab. */
	get callId(): string | null {
		return this.#callId;
	}

	/** The call whose sound was in this tab before. */
	get lastCallId(): string | null {
		return this.#lastCallId;
	}

	get callState(): SoftphoneCallState {
		return this.#callState;
	}

	get isMuted(): boolean {
		return this.#isMuted;
	}

	/** Who calls, while it rings. */
	get ringing(): string | null {
		return this.#ringing;
	}

	/** The call that was taken. */
	get inbound(): InboundCall | null {
		return this.#inbound;
	}

	/** Sound goes through this tab. */
	get isInCall(): boolean {
		return this.#callState !== 'closed';
	}

	/** Becomes the phone if no other tab is. Returns how to stop being it. */
	start(): () => void {
		void this.#lease.claim().then(() => {
			if (this.#lease.state === 'elsewhere') this.#state = 'elsewhere';
		});
		const wake = () => void (document.visibilityState === 'visible' && this.#lookAfterDevice());
		const leave = (event: BeforeUnloadEvent) => {
			if (this.isInCall) event.preventDefault();
		};
		document.addEventListener('visibilitychange', wake);
		window.addEventListener('beforeunload', leave);
		return () => {
			document.removeEventListener('visibilitychange', wake);
			window.removeEventListener('beforeunload', leave);
			this.#close('closed');
			this.#lease.close();
		};
	}

	/** Makes ready for a call: the phone comes to this tab, opens, and its microphone is looked at once. */
	async prepare(): Promise<CallDevice> {
		if (this.#state === 'not_set_up') return 'phone';
		if (this.#callId !== null && this.#options.isOver(this.#callId)) await this.#leave();
		if (this.isInCall) {
			this.#say('The call was not placed: you are on a call already. Hang up first.');
			return null;
		}
		if (this.#lease.state === 'held') await this.#open();
		else if (!(await this.takeOver())) return null;
		// Opening may have found out that nobody calls from the browser here.
		if ((this.#state as PhoneState) === 'not_set_up') return 'phone';
		if (this.#state !== 'ready') {
			this.#say(
				'The call was not placed: the phone in this browser could not be opened. Try again.'
			);
			return null;
		}
		return (await this.#hasMicrophone()) ? 'browser' : null;
	}

	/** Brings the phone to this tab, unless another one is on a call. */
	async takeOver(): Promise<boolean> {
		if (await this.#lease.takeOver()) {
			await this.#open();
			return true;
		}
		this.#say(
			'The phone stays in the other tab: a call is talked there. Go to that tab, or wait until the call has ended.'
		);
		return false;
	}

	/** Puts this browser through for a call that was placed. */
	async connect(callId: string): Promise<void> {
		this.#callId = callId;
		this.#isMuted = false;
		await this.#device?.connect(callId);
	}

	hangUp(): void {
		this.#device?.hangUp();
	}

	mute(isMuted = !this.#isMuted): void {
		if (this.isInCall) this.#device?.mute(isMuted);
	}

	/** Digits, `*` and `#`. */
	sendDigits(digits: string): void {
		if (this.#callState === 'open') this.#device?.sendDigits(digits);
	}

	async accept(): Promise<void> {
		const from = this.#ringing;
		if (from === null || !(await this.#hasMicrophone())) return;
		this.#ringing = null;
		this.#inbound = { from, acceptedAt: this.#options.now() };
		this.#device?.accept();
	}

	reject(): void {
		this.#ringing = null;
		this.#device?.reject();
	}

	/** One opening at a time; what is open stays open. */
	async #open(): Promise<void> {
		if (this.#device && this.#state === 'ready') return;
		this.#opening ??= this.#openNow().finally(() => (this.#opening = null));
		await this.#opening;
	}

	async #openNow(): Promise<void> {
		this.#state = 'opening';
		try {
			this.#device = await openSoftphone({
				fetchToken: () => this.#options.client.calls.deviceToken.query(),
				...(this.#options.openDevice && { openDevice: this.#options.openDevice }),
				onOpened: (device) => device.on((event) => this.#hear(event))
			});
			this.#state = 'ready';
		} catch (thrown) {
			this.#state = isNotSetUp(thrown) ? 'not_set_up' : 'broken';
			if (this.#state === 'broken') this.#device = null;
		}
	}

	#close(state: PhoneState): void {
		const device = this.#device;
		this.#device = null;
		this.#state = state;
		this.#ringing = null;
		device?.destroy();
		this.#end();
	}

	#hear(event: SoftphoneEvent): void {
		switch (event.kind) {
			case 'registered':
			case 'unregistered':
			case 'token_expiring':
				return;
			case 'incoming':
				if (this.isInCall) return this.#device?.reject();
				this.#ringing = event.from;
				this.#options.onIncoming(event.from);
				return;
			case 'incoming_over':
				this.#ringing = null;
				return;
			case 'call':
				this.#callState = event.state;
				if (event.state === 'closed') this.#end();
				return;
			case 'muted':
				this.#isMuted = event.isMuted;
				return;
			case 'trouble':
				this.#options.onTrouble(event.trouble);
		}
	}

	#end(): void {
		this.#callState = 'closed';
		this.#lastCallId = this.#callId ?? this.#lastCallId;
		this.#callId = null;
		this.#inbound = null;
		this.#isMuted = false;
		this.#onClosed();
	}

	/** Hangs up what is left of a call here, and waits a little for it to be gone. */
	async #leave(): Promise<void> {
		const closed = new Promise<void>((resolve) => (this.#onClosed = resolve));
		this.#device?.hangUp();
		await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, LEAVE_WITHIN_MS))]);
	}

	/** A tab that slept may have lost its registration, or its microphone. */
	async #lookAfterDevice(): Promise<void> {
		if (this.#lease.state !== 'held' || this.isInCall) return;
		if (this.#state === 'broken') await this.#open();
		if (!this.#isMicrophoneChecked || !this.#device?.needsMicrophone) return;
		this.#isMicrophoneChecked = false;
		await this.#hasMicrophone();
	}

	async #hasMicrophone(): Promise<boolean> {
		if (!this.#device?.needsMicrophone || this.#isMicrophoneChecked) return true;
		const code = await checkMicrophone();
		if (code !== null) this.#options.onTrouble(troubleOf(code));
		this.#isMicrophoneChecked = code === null;
		return code === null;
	}

	#say(sentence: string): void {
		this.#options.onTrouble({ sentence });
	}
}

/** The server says that nobody calls from the browser here; anything else may pass. */
function isNotSetUp(thrown: unknown): boolean {
	return thrown instanceof TRPCClientError && readRefusal(thrown).code === 'conflict';
}
