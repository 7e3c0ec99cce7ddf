import {
	ControlInputError,
	readAdvance,
	readFaultPlan,
	readFinish,
	readSpeed
} from './control-input';
import { htmlReply, jsonReply, type Reply, type SandboxRequest } from './http';
import { isLoopbackHost } from './loopback';
import { sandboxPage } from './page';
import type {
	SandboxCallView,
	SandboxContext,
	SandboxPaymentView,
	SandboxProvider
} from './provider';
import { OTHER_NUMBERS_DESCRIPTION, OUTCOMES } from './outcomes';

const USUAL_CALL_LIMIT = 200;
const LARGEST_CALL_LIMIT = 20_000;

/** The control of one sandbox, in process; the HTTP control API is a thin layer over it. */
export class SandboxControl {
	constructor(
		readonly context: SandboxContext,
		readonly providers: readonly SandboxProvider[]
	) {}

	/** Everything in numbers: clock, calls by provider, callbacks, fault plans, outcomes. */
	state(): object {
		const { clock, callbacks, faults, seed } = this.context;
		return {
			speed: clock.speed,
			seed,
			simulatedSeconds: Math.round(clock.nowMs() / 1_000),
			waitingSteps: clock.waitingSteps,
			calls: Object.fromEntries(this.providers.map((one) => [one.name, one.countCalls()])),
			callbacks: { ...callbacks.counters },
			faults: faults.list(),
			outcomes: [
				...OUTCOMES.map(({ suffix, description }) => ({ suffix, description })),
				{ suffix: 'other', description: OTHER_NUMBERS_DESCRIPTION }
			]
		};
	}

	/** Calls of every provider, newest first. */
	listCalls(limit: number): SandboxCallView[] {
		return this.providers
			.flatMap((provider) => provider.listCalls(limit))
			.sort((left, right) => (left.createdAt < right.createdAt ? 1 : -1))
			.slice(0, limit);
	}

	/** Payments of every provider, newest first. */
	listPayments(limit: number): SandboxPaymentView[] {
		return this.providers.flatMap((provider) => provider.listPayments?.(limit) ?? []);
	}

	/** Forgets calls, faults, waiting steps and callbacks under way; the speed stays. */
	reset(): void {
		for (const provider of this.providers) provider.reset();
		this.context.faults.clear();
		this.context.clock.clear();
		this.context.callbacks.cancelAll();
	}

	/** Answers one request under /_sandbox. */
	async answer(request: SandboxRequest): Promise<Reply> {
		if (!isFromThisPage(request)) {
			return problem(403, 'The control API answers only loopback names and its own page.');
		}
		try {
			return (await this.#routeToProvider(request)) ?? this.#route(request);
		} catch (error) {
			if (error instanceof ControlInputError) return problem(422, error.message);
			throw error;
		}
	}

	async #routeToProvider(request: SandboxRequest): Promise<Reply | null> {
		const [, name, path] = /^\/_sandbox\/([a-z]+)(\/.*)$/.exec(request.url.pathname) ?? [];
		const provider = this.providers.find((one) => one.name === name);
		return (await provider?.control?.(request, path ?? '')) ?? null;
	}

	#route({ method, url, rawBody }: SandboxRequest): Reply {
		const path = url.pathname.replace(/\/$/, '');
		switch (`${method} ${path}`) {
			case 'GET /_sandbox':
				return htmlReply(200, sandboxPage());
			case 'GET /_sandbox/state':
				return jsonReply(200, this.state());
			case 'GET /_sandbox/calls':
				return jsonReply(200, { calls: this.listCalls(readLimit(url.searchParams)) });
			case 'GET /_sandbox/payments':
				return jsonReply(200, { payments: this.listPayments(readLimit(url.searchParams)) });
			case 'POST /_sandbox/advance': {
				const seconds = readAdvance(rawBody);
				this.context.clock.advance(seconds * 1_000);
				return jsonReply(200, { seconds });
			}
			case 'POST /_sandbox/faults': {
				const plan = readFaultPlan(rawBody);
				return jsonReply(201, { id: this.context.faults.add(plan), ...plan });
			}
			case 'DELETE /_sandbox/faults':
				this.context.faults.clear();
				return jsonReply(200, { faults: [] });
			case 'POST /_sandbox/speed': {
				const speed = readSpeed(rawBody);
				this.context.clock.setSpeed(speed);
				return jsonReply(200, { speed });
			}
			case 'POST /_sandbox/reset':
				this.reset();
				return jsonReply(200, { reset: true });
		}
		const finishSid = /^\/_sandbox\/calls\/([\w-]+)\/finish$/.exec(path)?.[1];
		if (method === 'POST' && finishSid !== undefined) return this.#finish(finishSid, rawBody);
		return problem(404, `${method} ${path} is not part of the control API.`);
	}

	#finish(sid: string, rawBody: Buffer): Reply {
		const finish = readFinish(rawBody);
		const results = this.providers.map((provider) => provider.finishCall(sid, finish));
		if (results.includes('finished')) return jsonReply(200, { sid, finished: true });
		if (results.includes('already-ended')) return problem(409, `Call ${sid} has ended already.`);
		return problem(404, `Call ${sid} is not known.`);
	}
}

function problem(status: number, message: string): Reply {
	return jsonReply(status, { error: { message } });
}

function readLimit(query: URLSearchParams): number {
	const limit = Number(query.get('limit') ?? USUAL_CALL_LIMIT);
	if (Number.isInteger(limit) && limit >= 1 && limit <= LARGEST_CALL_LIMIT) return limit;
	throw new ControlInputError(`limit must be a whole number from 1 to ${LARGEST_CALL_LIMIT}.`);
}

/** A web page from elsewhere must not steer the sandbox through a visitor's browser. */
function isFromThisPage({ headers }: SandboxRequest): boolean {
	const host = headers.host ?? '';
	const hostUrl = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : null;
	if (hostUrl === null || !isLoopbackHost(hostUrl.hostname)) return false;
	return headers.origin === undefined || headers.origin === `http://${host}`;
}
