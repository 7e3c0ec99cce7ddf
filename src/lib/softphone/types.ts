/** A phone in the browser. Two stand behind this: Twilio's Voice SDK, and one that speaks to the sandbox. */
import type { Trouble } from './error-words';

export type SoftphoneCallState =
	| 'connecting'
	| 'ringing'
	/** Both sides hear each other. */
	| 'open'
	/** The connection broke and is being mended. */
	| 'reconnecting'
	| 'closed';

export type SoftphoneEvent =
	| { kind: 'registered' | 'unregistered' | 'token_expiring' }
	| { kind: 'incoming'; from: string }
	/** Whoever called gave up, or somebody else took the call. */
	| { kind: 'incoming_over' }
	| { kind: 'call'; state: SoftphoneCallState }
	| { kind: 'muted'; isMuted: boolean }
	| { kind: 'trouble'; trouble: Trouble };

export type SoftphoneListener = (event: SoftphoneEvent) => void;

export interface SoftphoneDevice {
	/** Sound goes through this browser: without a microphone no call can be made. */
	readonly needsMicrophone: boolean;
	/** Makes the browser a phone. Again with a new token: the old one is replaced, a live call goes on. */
	register(token: string): Promise<void>;
	/** Connects the browser for a call that was placed; the server decides whether it is put through. */
	connect(callId: string): Promise<void>;
	accept(): void;
	reject(): void;
	/** Leaves the call. The call itself ends when the provider says so. */
	hangUp(): void;
	mute(isMuted: boolean): void;
	/** Digits, `*` and `#`, as pressed on the keypad. */
	sendDigits(digits: string): void;
	/** @returns stops listening */
	on(listener: SoftphoneListener): () => void;
	destroy(): void;
}
