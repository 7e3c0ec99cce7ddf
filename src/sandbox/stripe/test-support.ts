import http from 'node:http';
import Stripe from 'stripe';
import { startSandbox, type RunningSandbox } from '../server';

export const SECRET_KEY = 'sk_test_for_the_tests_of_the_sandbox';
export const WEBHOOK_SECRET = 'whsec_for_the_tests';

/** An app's webhook door: keeps each event the SDK accepts, and answers what it was told, then 200. */
export class EventReceiver {
	readonly events: Stripe.Event[] = [];
	readonly refused: string[] = [];
	readonly answers: number[] = [];
	#waiting: (() => void)[] = [];
	url = '';

	constructor(private readonly stripe: Stripe) {}

	readonly #server = http.createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			this.#keep(Buffer.concat(chunks), String(request.headers['stripe-signature']));
			response.writeHead(this.answers.shift() ?? 200).end();
			this.#waiting.splice(0).forEach((wake) => wake());
		});
	});

	async open(): Promise<void> {
		await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
		const address = this.#server.address();
		this.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/stripe`;
	}

	close(): Promise<void> {
		return new Promise((resolve) => {
			this.#server.close(() => resolve());
			this.#server.closeAllConnections();
		});
	}

	/** Waits until at least `count` events of a type are in. */
	async waitFor<Type extends Stripe.Event['type']>(
		type: Type,
		count = 1
	): Promise<Extract<Stripe.Event, { type: Type }>[]> {
		for (;;) {
			const found = this.events.filter(
				(event): event is Extract<Stripe.Event, { type: Type }> => event.type === type
			);
			if (found.length >= count) return found;
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
	}

	types(): string[] {
		return this.events.map(({ type }) => type);
	}

	#keep(body: Buffer, signature: string): void {
		try {
			this.events.push(this.stripe.webhooks.constructEvent(body, signature, WEBHOOK_SECRET));
		} catch (error) {
			this.refused.push(String(error));
		}
	}
}

export interface StripeHouse {
	sandbox: RunningSandbox;
	stripe: Stripe;
	receiver: EventReceiver;
	ask(method: string, path: string, value?: unknown): Promise<{ status: number; body: unknown }>;
	close(): Promise<void>;
}

/** The real SDK as the app opens it, with another address and nothing else. */
export function stripeFor(url: string, key = SECRET_KEY, config: object = {}): Stripe {
	const { hostname, port } = new URL(url);
	return new Stripe(key, { host: hostname, port, protocol: 'http', ...config });
}

export async function openStripeHouse(speed = 1_000): Promise<StripeHouse> {
	const receiver = new EventReceiver(new Stripe(SECRET_KEY));
	await receiver.open();
	const sandbox = await startSandbox({
		speed,
		seed: 'test',
		environment: {
			STRIPE_SECRET_KEY: SECRET_KEY,
			STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
			STRIPE_WEBHOOK_URL: receiver.url
		},
		log: () => undefined
	});
	return {
		sandbox,
		receiver,
		stripe: stripeFor(sandbox.url),
		ask: async (method, path, value) => {
			const body = value === undefined ? undefined : JSON.stringify(value);
			const response = await fetch(`${sandbox.url}/_sandbox${path}`, { method, body });
			return { status: response.status, body: await response.json() };
		},
		close: async () => {
			await sandbox.close();
			await receiver.close();
		}
	};
}
