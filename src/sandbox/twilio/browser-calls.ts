/**
 * Calls of a browser's softphone (PROVIDERS.md 1.8): connect -> the TwiML App's Voice URL is asked ->
 * its answer is executed. `<Dial>` makes a child leg with callbacks of its own; when it ends, the
 * action URL is asked and the parent leg ends. Incoming calls ring at the identity they are for.
 */
import { bendOutcome } from '../create-plan';
import { outcomeForNumber } from '../outcomes';
import type { SandboxContext } from '../provider';
import { toCallbackJob, type TwilioIdentity } from './announce';
import { newCall, type TwilioCall } from './call-record';
import type { CallStore } from './call-store';
import { deviceView, type DeviceCall, type DeviceState } from './device-call';
import { readDial, type DialOrder } from './dial';
import type { CallbackTarget, CallParameters } from './parameters';
import type { CallScript } from './script';
import { VoiceError, type VoiceGrant } from './token';
import { readTwiml, type TwimlElement } from './twiml';
import { callbackFields } from './wire';

const WEBHOOK_REAL_MS = 15_000;
const LONGEST_POLL_REAL_MS = 25_000;
const SAY_SECONDS = 3;
/** The far end's hang-up reaches the browser's leg a moment later. */
const PARENT_ENDS_AFTER_MS = 1_000;

export interface BrowserRoom {
	context: SandboxContext;
	identity: TwilioIdentity;
	store: CallStore;
	script: CallScript;
	/** The TwiML App; its Voice URL is null when the sandbox does not know the app. */
	application: { sid: string; voice: CallbackTarget | null };
}

function noLeg(from: string): CallParameters {
	return {
		to: '',
		from,
		statusCallback: null,
		events: new Set(),
		timeoutSeconds: 60,
		timeLimitSeconds: null,
		isRecorded: false,
		recordingChannels: 1,
		recordingCallback: null,
		detectsMachine: false,
		waitsForMessageEnd: false,
		machineCallback: null
	};
}

export class BrowserCalls {
	readonly #calls = new Map<string, DeviceCall>();
	#incomingWake: (() => void)[] = [];

	constructor(private readonly room: BrowserRoom) {}

	/** A softphone connects. Throws VoiceError when the token does not allow it. */
	connect(grant: VoiceGrant, params: Record<string, string>): object {
		const { application } = this.room;
		if (grant.outgoingApplicationSid !== application.sid || application.sid === '') {
			throw new VoiceError(31001, 'The TwiML App of the token is not known');
		}
		const call = this.#newLeg(noLeg(`client:${grant.identity}`), 'inbound', null);
		const device = this.#add(call, grant.identity, 'outgoing', params);
		void this.#runVoice(device);
		return deviceView(device);
	}

	/** Somebody rings one of our numbers: the TwiML App's Voice URL says what becomes of it. */
	callIn(from: string, to: string): object {
		const call = this.#newLeg({ ...noLeg(from), to }, 'inbound', null);
		// Nobody's softphone: the caller has a phone of their own.
		const device = this.#add(call, '', 'outgoing', {});
		void this.#runVoice(device);
		return { callSid: call.sid, from, to };
	}

	/** A server-placed call to `client:identity` rings at its softphone. */
	ring(call: TwilioCall): void {
		const identity = call.parameters.to.replace(/^client:/, '');
		const device = this.#add(call, identity, 'incoming', {});
		this.#change(device, 'ringing');
		// A leg of a `<Dial>` has hooks already: its parent is told too.
		const { hooks } = call;
		call.hooks = {
			answered: (dueMs) => {
				hooks?.answered?.(dueMs);
				this.#change(device, 'open');
			},
			ended: (dueMs) => {
				hooks?.ended?.(dueMs);
				this.#change(device, 'closed');
			},
			hangUp: null
		};
		this.#incomingWake.splice(0).forEach((wake) => wake());
	}

	/** Calls that ring at an identity; waits for one when there is none. */
	async incoming(identity: string): Promise<object[]> {
		const ringing = (): DeviceCall[] =>
			[...this.#calls.values()].filter(
				(one) =>
					one.identity === identity && one.direction === 'incoming' && one.state === 'ringing'
			);
		if (ringing().length === 0) await this.#wait(this.#incomingWake);
		return ringing().map((one) => deviceView(one));
	}

	/** The state of a call once it is newer than `after`, or when the poll is over. */
	async watch(identity: string, sid: string, after: number): Promise<object | null> {
		const device = this.#find(identity, sid);
		if (device === null) return null;
		if (device.version <= after && device.state !== 'closed') await this.#wait(device.wake);
		return deviceView(device);
	}

	/** What a person does at the softphone; muting and digits change nothing at the far end. */
	act(identity: string, sid: string, action: string): object | null {
		const device = this.#find(identity, sid);
		if (device === null) return null;
		if (action === 'hangup') this.#hangUp(device);
		else if (action === 'accept') this.room.script.answerNow(device.call);
		else if (action === 'reject') this.room.script.finish(device.call, { status: 'busy' });
		else if (action !== 'mute' && action !== 'digits') return null;
		return deviceView(device);
	}

	clear(): void {
		for (const device of this.#calls.values()) this.#change(device, 'closed');
		this.#calls.clear();
	}

	#find(identity: string, sid: string): DeviceCall | null {
		const device = this.#calls.get(sid);
		return device?.identity === identity ? device : null;
	}

	#add(
		call: TwilioCall,
		identity: string,
		direction: DeviceCall['direction'],
		customFields: Record<string, string>
	): DeviceCall {
		const device: DeviceCall = {
			call,
			identity,
			direction,
			state: 'connecting',
			error: null,
			version: 1,
			child: null,
			action: null,
			customFields,
			applicationSid: this.room.application.sid,
			wake: []
		};
		this.#calls.set(call.sid, device);
		return device;
	}

	#newLeg(
		parameters: CallParameters,
		direction: 'inbound' | 'outbound-dial',
		parentCallSid: string | null
	): TwilioCall {
		const { context, store } = this.room;
		const isChild = direction === 'outbound-dial';
		const takenPlans = isChild ? context.faults.takeForCall('twilio') : [];
		const faults = context.faults.forCall('twilio', takenPlans);
		const usual = outcomeForNumber(parameters.to, context.seed);
		const call = newCall({
			parameters,
			outcome: isChild ? bendOutcome(usual, faults) : usual,
			takenPlans,
			ordinal: store.callsCreated,
			nowMs: context.clock.nowMs(),
			direction,
			parentCallSid
		});
		store.add(call);
		return call;
	}

	async #wait(wakes: (() => void)[]): Promise<void> {
		let timer: NodeJS.Timeout | undefined;
		await new Promise<void>((resolve) => {
			wakes.push(resolve);
			timer = setTimeout(resolve, LONGEST_POLL_REAL_MS);
		});
		clearTimeout(timer);
	}

	#change(device: DeviceCall, state: DeviceState): void {
		if (device.state === 'closed') return;
		device.state = state;
		device.version += 1;
		device.wake.splice(0).forEach((wake) => wake());
	}

	/** The parameters of a TwiML request (payloads/twilio/webhook.browser_twiml_app.request.json). */
	#voiceFields(device: DeviceCall): Record<string, string> {
		const { accountSid } = this.room.identity;
		const {
			Timestamp: _timestamp,
			CallbackSource: _source,
			SequenceNumber: _number,
			...fields
		} = callbackFields(accountSid, device.call, device.call.status, 0);
		return { ...device.customFields, ...fields, ApplicationSid: device.applicationSid };
	}

	async #runVoice(device: DeviceCall): Promise<void> {
		const { voice } = this.room.application;
		device.call.stage = device.call.status = 'ringing';
		device.call.startedAt = new Date();
		device.call.hooks = { answered: null, ended: null, hangUp: () => this.#hangUp(device) };
		if (voice === null) return this.#fail(device, 11_200, 'The TwiML App has no Voice URL');
		await this.#runDocument(device, voice, this.#voiceFields(device));
	}

	/** Asks for TwiML and executes it; an app that does not answer ends the call. */
	async #runDocument(
		device: DeviceCall,
		target: CallbackTarget,
		fields: Record<string, string>
	): Promise<void> {
		let verbs: TwimlElement[];
		try {
			const { url, headers, body, method } = toCallbackJob(this.room.identity, target, fields);
			const response = await fetch(url, {
				method,
				headers: typeof headers === 'function' ? headers() : headers,
				body: method === 'POST' ? body : undefined,
				redirect: 'error',
				signal: AbortSignal.timeout(WEBHOOK_REAL_MS)
			});
			const xml = await response.text();
			if (!response.ok) throw new Error(`the app answered ${response.status}`);
			verbs = readTwiml(xml);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			return this.#fail(device, 11_200, `HTTP retrieval failure: ${reason}`);
		}
		this.#run(device, verbs, target.url);
	}

	#fail(device: DeviceCall, code: number, message: string): void {
		device.error = { code, message };
		this.room.context.log(`sandbox: call ${device.call.sid} failed: ${code} ${message}`);
		this.#endParent(device, this.room.context.clock.nowMs());
	}

	#run(
		device: DeviceCall,
		verbs: TwimlElement[],
		documentUrl: string,
		nowMs = this.room.context.clock.nowMs()
	): void {
		if (device.call.stage === 'ended') return;
		const [verb, ...rest] = verbs;
		switch (verb?.name) {
			case 'Dial':
				return this.#dial(device, readDial(verb, documentUrl), rest, documentUrl);
			case 'Say':
			case 'Play':
			case 'Pause':
				this.#answerParent(device, nowMs);
				this.room.context.clock.schedule(nowMs + SAY_SECONDS * 1_000, (dueMs) =>
					this.#run(device, rest, documentUrl, dueMs)
				);
				return;
			case 'Reject':
				device.error = { code: 31_603, message: 'Declined' };
				return this.#endParent(device, nowMs);
			default:
				return this.#endParent(device, nowMs);
		}
	}

	#dial(device: DeviceCall, order: DialOrder, rest: TwimlElement[], documentUrl: string): void {
		const { context, script } = this.room;
		const after = (child: TwilioCall | null, dueMs: number): void => {
			if (device.call.stage === 'ended') return;
			context.clock.schedule(dueMs + PARENT_ENDS_AFTER_MS, (atMs) =>
				this.#afterDial(device, order, child, rest, documentUrl, atMs)
			);
		};
		device.action = order.action;
		if (!order.answerOnBridge) this.#answerParent(device, context.clock.nowMs());
		if ('errorCode' in order.leg) {
			device.error = { code: order.leg.errorCode, message: 'Dial failed' };
			return after(null, context.clock.nowMs());
		}
		const child = this.#newLeg(order.leg, 'outbound-dial', device.call.sid);
		device.child = child;
		child.status = 'ringing';
		child.hooks = {
			answered: (dueMs) => {
				this.#answerParent(device, dueMs);
				this.#change(device, 'open');
			},
			ended: (dueMs) => after(child, dueMs),
			hangUp: null
		};
		this.#change(device, 'ringing');
		script.start(child);
		if (child.parameters.to.startsWith('client:')) this.ring(child);
	}

	#afterDial(
		device: DeviceCall,
		order: DialOrder,
		child: TwilioCall | null,
		rest: TwimlElement[],
		documentUrl: string,
		nowMs: number
	): void {
		if (device.call.stage === 'ended') return;
		if (order.action === null) return this.#run(device, rest, documentUrl, nowMs);
		void this.#runDocument(device, order.action, this.#actionFields(device, child));
	}

	#actionFields(device: DeviceCall, child: TwilioCall | null): Record<string, string> {
		const seconds = child?.durationSeconds ?? 0;
		return {
			...this.#voiceFields(device),
			DialCallStatus: child?.status ?? 'failed',
			...(child === null ? {} : { DialCallSid: child.sid }),
			...(seconds > 0 ? { DialCallDuration: String(seconds) } : {}),
			DialBridged: String(seconds > 0)
		};
	}

	#answerParent({ call }: DeviceCall, dueMs: number): void {
		if (call.answeredAtMs !== null || call.stage === 'ended') return;
		call.answeredAtMs = dueMs;
		call.stage = 'talking';
		call.status = 'in-progress';
		call.updatedAt = new Date();
	}

	/** The parent's seconds count from its own answer, so they differ from the child's. */
	#endParent(device: DeviceCall, nowMs: number): void {
		const { call, child } = device;
		if (call.stage === 'ended') return;
		const answeredAtMs = call.answeredAtMs;
		call.stage = 'ended';
		call.status =
			answeredAtMs !== null || child === null
				? device.error === null || answeredAtMs !== null
					? 'completed'
					: 'failed'
				: child.status;
		call.durationSeconds = answeredAtMs === null ? 0 : Math.round((nowMs - answeredAtMs) / 1_000);
		call.endedAt = call.updatedAt = new Date();
		this.#change(device, 'closed');
	}

	/** The person at the softphone, or REST, ends the parent: the child goes with it. */
	#hangUp(device: DeviceCall): void {
		const { call, child } = device;
		if (call.stage === 'ended') return;
		if (device.direction === 'incoming') return this.room.script.hangUp(call);
		this.#endParent(device, this.room.context.clock.nowMs());
		if (child !== null && child.stage !== 'ended') this.room.script.hangUp(child);
		if (call.status !== 'completed' && child !== null) call.status = child.status;
		if (device.action === null) return;
		const fields = this.#actionFields(device, child);
		this.room.context.callbacks.send(toCallbackJob(this.room.identity, device.action, fields));
	}
}
