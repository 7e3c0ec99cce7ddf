/**
 * Posts the callbacks of calls as Twilio does under the policy that Talktime asks for (`#rc=3&rp=all`): in
 * order mostly, three more tries when the answer is no 2xx, the same callback again now and then. What was
 * answered 2xx is kept: it must never be lost.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../simulation/random';
import { signForm } from '../support/callbacks';
import type { Carrier, CarrierCall } from './carrier';

export interface Acknowledged {
	sid: string;
	callId: string;
	sequence: number;
	status: string;
}

const TRIES_MAX = 4;
const RETRY_PAUSE_MS = 300;
const ANSWER_TIMEOUT_MS = 15_000;
const BETWEEN_MS_MAX = 40;

export class CallbackSender {
	/** In the order of their answers. */
	readonly acknowledged: Acknowledged[] = [];
	sent = 0;
	/** Tries that got no 2xx. */
	unanswered = 0;
	/** Callbacks that were given up after the last try. */
	givenUp = 0;
	private readonly working = new Set<Promise<void>>();
	private lastSequence = 100;

	/** @param chooseTarget the address of the process that a request goes to */
	constructor(
		private readonly carrier: Carrier,
		private readonly random: Random,
		private readonly chooseTarget: () => string
	) {}

	/** Begins the callbacks of a call. */
	start(call: CarrierCall): void {
		const work = this.tell(call).finally(() => this.working.delete(work));
		this.working.add(work);
	}

	/** Resolves when every call that was begun has been told to its end. */
	async finish(): Promise<void> {
		while (this.working.size > 0) await Promise.all(this.working);
	}

	/** One callback that changes nothing but is stored as any other: late, of a call that was told of. */
	async probe(timeoutMs: number): Promise<boolean> {
		const call = this.carrier.find(this.acknowledged.at(-1)?.sid ?? '');
		if (!call) throw new Error('There is no call to probe with yet.');
		const sequence = this.lastSequence++;
		return this.post(call, 'ringing', sequence, {}, timeoutMs);
	}

	private async tell(call: CarrierCall): Promise<void> {
		const steps = ['initiated', 'ringing'];
		if (call.finalStatus === 'completed') steps.push('in-progress');
		const early = this.random.chance(10) ? steps.reverse() : steps;
		for (const [sequence, status] of early.entries()) {
			call.status = status;
			await this.deliver(call, status, sequence);
			await pause(this.random.below(BETWEEN_MS_MAX));
		}
		call.status = call.finalStatus;
		call.endedAt = new Date();
		const isCompleted = call.finalStatus === 'completed';
		await this.deliver(call, call.finalStatus, steps.length, {
			CallDuration: String(call.talkSeconds),
			Duration: String(Math.ceil(call.talkSeconds / 60)),
			SipResponseCode: isCompleted ? '200' : '486'
		});
	}

	private async deliver(
		call: CarrierCall,
		status: string,
		sequence: number,
		more: Record<string, string> = {}
	): Promise<void> {
		for (let tries = 1; tries <= TRIES_MAX; tries++) {
			if (await this.post(call, status, sequence, more, ANSWER_TIMEOUT_MS)) {
				if (this.random.chance(5)) await this.post(call, status, sequence, more, ANSWER_TIMEOUT_MS);
				return;
			}
			await pause(RETRY_PAUSE_MS * tries);
		}
		this.givenUp++;
	}

	private async post(
		call: CarrierCall,
		status: string,
		sequence: number,
		more: Record<string, string>,
		timeoutMs: number
	): Promise<boolean> {
		const { account } = this.carrier;
		const form = { ...toForm(account.accountSid, call, status, sequence), ...more };
		const { pathname, search } = new URL(call.callbackUrl);
		this.sent++;
		try {
			const answer = await fetch(`${this.chooseTarget()}${pathname}${search}`, {
				method: 'POST',
				headers: {
					'content-type': 'application/x-www-form-urlencoded',
					'user-agent': 'TwilioProxy/1.1',
					'x-twilio-signature': signForm(account.authToken, call.callbackUrl, form)
				},
				body: new URLSearchParams(form),
				signal: AbortSignal.timeout(timeoutMs)
			});
			await answer.text();
			if (answer.ok) {
				this.acknowledged.push({ sid: call.sid, callId: call.callId, sequence, status });
				return true;
			}
		} catch {
			// No answer: it may have been stored or not.
		}
		this.unanswered++;
		return false;
	}
}

function toForm(
	accountSid: string,
	call: CarrierCall,
	status: string,
	sequence: number
): Record<string, string> {
	return {
		AccountSid: accountSid,
		ApiVersion: '2010-04-01',
		CallSid: call.sid,
		CallStatus: status,
		Called: call.to,
		Caller: call.from,
		CallbackSource: 'call-progress-events',
		Direction: 'outbound-api',
		From: call.from,
		To: call.to,
		Timestamp: new Date().toUTCString().replace('GMT', '+0000'),
		SequenceNumber: String(sequence)
	};
}
