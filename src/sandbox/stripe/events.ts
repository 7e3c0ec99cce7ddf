import type { CallbackJob } from '../callback';
import type { SandboxContext } from '../provider';
import { newId, unixNow } from './ids';
import { API_VERSION } from './objects';
import { signStripeBody } from './sign';

/** Simulated seconds from a fact to its webhook. */
const SENT_AFTER_SECONDS = 0.3;
/** Test mode tries three more times within hours (PROVIDERS.md 4.3). */
const RETRY_AFTER_SECONDS = [600, 3_600, 7_200];
const MOST_EVENTS = 20_000;

export interface StripeEvent {
	id: string;
	object: 'event';
	api_version: string;
	created: number;
	data: { object: object; previous_attributes?: object };
	livemode: false;
	pending_webhooks: number;
	request: { id: string | null; idempotency_key: string | null };
	type: string;
}

export interface KeptEvent {
	event: StripeEvent;
	delivery: 'pending' | 'delivered' | 'failed';
}

/** Which API request the facts of the moment come from; null: the dashboard or Stripe itself. */
export interface EventCause {
	requestId: string;
	idempotencyKey: string | null;
}

export interface EventEndpoint {
	url: string | null;
	secret: string;
}

/** The account's events: kept for `events.list`, and posted, signed, to one endpoint. */
export class EventLog {
	cause: EventCause | null = null;
	readonly #kept = new Map<string, KeptEvent>();
	/** Facts of the action under way; they are told together. */
	#batch: KeptEvent[] = [];
	#deliveries = Promise.resolve();
	#age = 0;

	constructor(
		private readonly context: SandboxContext,
		private readonly endpoint: EventEndpoint
	) {}

	/** Keeps one fact with the object as it is now, and tells it soon. */
	record(type: string, object: object, previous?: object): void {
		if (this.#batch.length === 0) queueMicrotask(() => this.#closeBatch());
		const data = structuredClone(
			previous === undefined ? { object } : { object, previous_attributes: previous }
		);
		this.#batch.push(this.#keep(type, data));
	}

	newestFirst(): KeptEvent[] {
		return [...this.#kept.values()].reverse();
	}

	find(id: string): KeptEvent | null {
		return this.#kept.get(id) ?? null;
	}

	/** Posts one event again, as the dashboard's "Resend" does. */
	resend(kept: KeptEvent): void {
		this.#deliver([kept]);
	}

	clear(): void {
		this.#age += 1;
		this.#batch = [];
		this.#kept.clear();
	}

	#keep(type: string, data: StripeEvent['data']): KeptEvent {
		const event: StripeEvent = {
			id: newId('evt'),
			object: 'event',
			api_version: API_VERSION,
			created: unixNow(),
			data,
			livemode: false,
			pending_webhooks: this.endpoint.url === null ? 0 : 1,
			request: {
				id: this.cause?.requestId ?? null,
				idempotency_key: this.cause?.idempotencyKey ?? null
			},
			type
		};
		const kept: KeptEvent = { event, delivery: 'pending' };
		const oldest = this.#kept.keys().next().value;
		if (this.#kept.size >= MOST_EVENTS && oldest !== undefined) this.#kept.delete(oldest);
		this.#kept.set(event.id, kept);
		return kept;
	}

	/** Lets the fault plan decide what is told of the facts of one action, how often and when. */
	#closeBatch(): void {
		let batch = this.#batch;
		this.#batch = [];
		const { faults, clock } = this.context;
		const plan = faults.forCall('stripe', faults.takeForCall('stripe'));
		if (plan.twoEventIds === true) {
			batch = batch.flatMap((one) => [one, this.#keep(one.event.type, one.event.data)]);
		}
		if (plan.reorder === true) batch = [...batch].reverse();
		const last = batch.at(-1);
		const dropsLast =
			last !== undefined && faults.happens(plan.dropFinal ?? 0, 'drop-final', last.event.id);
		const sent = plan.dropAll === true ? [] : dropsLast ? batch.slice(0, -1) : batch;
		for (const one of batch) if (!sent.includes(one)) one.delivery = 'failed';
		const copies = sent.flatMap((one) =>
			Array.from({ length: 1 + (plan.duplicate ?? 0) }, () => one)
		);
		const age = this.#age;
		const dueMs = clock.nowMs() + (SENT_AFTER_SECONDS + (plan.delaySeconds ?? 0)) * 1_000;
		clock.schedule(dueMs, () => {
			if (age === this.#age) this.#deliver(copies);
		});
	}

	/** First attempts go out in order; a retry may be overtaken. */
	#deliver(events: KeptEvent[]): void {
		const { url } = this.endpoint;
		if (url === null) return;
		for (const kept of events) {
			this.#deliveries = this.#deliveries.then(async () => {
				const delivery = this.context.callbacks.send(this.#toJob(url, kept.event));
				void delivery.finished.then(({ isDelivered }) => {
					if (kept.delivery === 'delivered') return;
					kept.delivery = isDelivered ? 'delivered' : 'failed';
					if (isDelivered) kept.event.pending_webhooks = 0;
				});
				await delivery.firstAttempt;
			});
		}
	}

	#toJob(url: string, event: StripeEvent): CallbackJob {
		const body = JSON.stringify(event, null, 2);
		return {
			url,
			method: 'POST',
			body,
			headers: () => ({
				accept: '*/*; q=0.5, application/xml',
				'cache-control': 'no-cache',
				'content-type': 'application/json; charset=utf-8',
				'content-length': String(Buffer.byteLength(body)),
				'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
				'stripe-signature': signStripeBody(this.endpoint.secret, body, unixNow())
			}),
			retryAfterSeconds: RETRY_AFTER_SECONDS
		};
	}
}
