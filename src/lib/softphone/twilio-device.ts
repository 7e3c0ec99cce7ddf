/** Twilio's Voice SDK as our device. It is large: the SDK is loaded when the first phone is made. */
import type { Call, Device } from '@twilio/voice-sdk';
import { troubleOf } from './error-words';
import { Listeners } from './listeners';
import type { SoftphoneDevice, SoftphoneListener } from './types';

/** A call survives a broken connection this long. */
const RECONNECT_MS = 30_000;

export class TwilioDevice implements SoftphoneDevice {
	readonly needsMicrophone = true;
	readonly #listeners = new Listeners();
	#device: Device | null = null;
	#call: Call | null = null;
	#incoming: Call | null = null;

	on(listener: SoftphoneListener): () => void {
		return this.#listeners.add(listener);
	}

	async register(token: string): Promise<void> {
		if (this.#device) {
			this.#device.updateToken(token);
			if (this.#device.state === 'unregistered') await this.#device.register();
			return;
		}
		const sdk = await import('@twilio/voice-sdk');
		const device = new sdk.Device(token, {
			// Asks before the page is left while a call lives.
			closeProtection: true,
			codecPreferences: [sdk.Call.Codec.Opus, sdk.Call.Codec.PCMU],
			// Otherwise many causes are one code, 53000 or 31005.
			enableImprovedSignalingErrorPrecision: true,
			maxCallSignalingTimeoutMs: RECONNECT_MS
		});
		device.on('registered', () => this.#listeners.tell({ kind: 'registered' }));
		device.on('unregistered', () => this.#listeners.tell({ kind: 'unregistered' }));
		device.on('tokenWillExpire', () => this.#listeners.tell({ kind: 'token_expiring' }));
		device.on('error', (error: { code: number }) => this.#tellTrouble(error));
		device.on('incoming', (call: Call) => this.#ring(call));
		this.#device = device;
		await device.register();
	}

	async connect(callId: string): Promise<void> {
		if (!this.#device) throw new Error('The device is not registered.');
		this.#listeners.tell({ kind: 'call', state: 'connecting' });
		try {
			this.#follow(await this.#device.connect({ params: { call: callId } }));
		} catch (error) {
			this.#tellTrouble(error);
			this.#listeners.tell({ kind: 'call', state: 'closed' });
		}
	}

	accept(): void {
		if (!this.#incoming) return;
		this.#follow(this.#incoming);
		this.#incoming.accept();
		this.#incoming = null;
	}

	reject(): void {
		this.#incoming?.reject();
		this.#incoming = null;
	}

	hangUp(): void {
		this.#call?.disconnect();
	}

	mute(isMuted: boolean): void {
		this.#call?.mute(isMuted);
	}

	sendDigits(digits: string): void {
		this.#call?.sendDigits(digits);
	}

	destroy(): void {
		this.#device?.destroy();
		this.#device = null;
	}

	#ring(call: Call): void {
		this.#incoming = call;
		call.on('cancel', () => {
			if (this.#incoming !== call) return;
			this.#incoming = null;
			this.#listeners.tell({ kind: 'incoming_over' });
		});
		this.#listeners.tell({ kind: 'incoming', from: call.parameters.From ?? '' });
	}

	#follow(call: Call): void {
		this.#call = call;
		const tell = (state: 'ringing' | 'open' | 'reconnecting') =>
			this.#listeners.tell({ kind: 'call', state });
		call.on('ringing', () => tell('ringing'));
		call.on('accept', () => tell('open'));
		call.on('reconnecting', () => tell('reconnecting'));
		call.on('reconnected', () => tell('open'));
		call.on('mute', (isMuted: boolean) => this.#listeners.tell({ kind: 'muted', isMuted }));
		call.on('error', (error: { code: number }) => this.#tellTrouble(error));
		for (const end of ['disconnect', 'cancel', 'reject']) call.on(end, () => this.#end(call));
	}

	#end(call: Call): void {
		if (this.#call !== call) return;
		this.#call = null;
		this.#listeners.tell({ kind: 'call', state: 'closed' });
	}

	#tellTrouble(error: unknown): void {
		const hasCode = typeof error === 'object' && error !== null && 'code' in error;
		const trouble = troubleOf(hasCode ? Number(error.code) : 31_000);
		this.#listeners.tell({ kind: 'trouble', trouble });
	}
}
