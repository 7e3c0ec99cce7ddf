import http from 'node:http';
import { randomBytes } from 'node:crypto';
import { setTimeout as waitRealMs } from 'node:timers/promises';
import { CallbackSender } from './callback';
import { FASTEST_SPEED, SimulatedClock, SLOWEST_SPEED } from './clock';
import { SandboxControl } from './control';
import { FaultBook, type Faults } from './faults';
import {
	BodyTooLarge,
	jsonReply,
	readRequest,
	sendReply,
	type Reply,
	type SandboxRequest
} from './http';
import { isLoopbackAddress, isLoopbackHost } from './loopback';
import type { SandboxContext, SandboxEnvironment, SandboxProvider } from './provider';
import { PROVIDERS } from './registry';

const API_HANG_REAL_MS = 60_000;

export interface SandboxOptions {
	/** 0 or missing: any free port. */
	port?: number;
	/** A loopback address; 127.0.0.1 when missing. */
	host?: string;
	/** Simulated seconds per real second; 1 when missing. */
	speed?: number;
	/** Makes outcomes and probabilities repeatable; random when missing. */
	seed?: string;
	/** The providers' credentials under the names of the environment variables. */
	environment: SandboxEnvironment;
	/** Where one-line notices go; standard error when missing. */
	log?: (line: string) => void;
}

export interface RunningSandbox {
	url: string;
	port: number;
	control: SandboxControl;
	/** Stops at once: open requests and callbacks are cut. */
	close(): Promise<void>;
}

function openProviders(
	context: SandboxContext,
	environment: SandboxEnvironment
): SandboxProvider[] {
	const isSet = (name: string): boolean => (environment[name] ?? '') !== '';
	const opened = PROVIDERS.filter((one) => one.needs.every(isSet));
	if (opened.length > 0) return opened.map((one) => one.open(context, environment));
	const needed = PROVIDERS.map((one) => one.needs.join(' and ')).join(', or ');
	throw new Error(`The sandbox has no credentials: set ${needed}.`);
}

async function answer(control: SandboxControl, request: http.IncomingMessage): Promise<Reply> {
	if (!isLoopbackAddress(request.socket.remoteAddress))
		return jsonReply(403, { error: 'loopback' });
	const read = await readRequest(request);
	const { pathname } = read.url;
	if (/^\/_sandbox(\/|$)/.test(pathname)) return control.answer(read);
	const provider = control.providers.find((one) => one.owns(pathname));
	if (provider === undefined) return jsonReply(404, { error: `No provider owns ${pathname}` });
	if (provider.isPage?.(pathname) === true) return provider.answer(read);
	const faults = control.context.faults.takeForRequest(provider.name, pathname);
	return answerWithFaults(provider, read, faults);
}

/** How a REST request ends that a fault plan spoils; null when it is answered. */
function spoiledReply(
	provider: SandboxProvider,
	request: SandboxRequest,
	faults: Faults
): Reply | null {
	if (faults.apiHang === true) return { kind: 'hang', realMs: API_HANG_REAL_MS };
	if (faults.apiStatus !== undefined) {
		const reply = provider.errorReply(faults.apiStatus);
		if (faults.apiAmbiguous === true) provider.keepError?.(request, reply);
		return reply;
	}
	const isCut = faults.apiReset === true || faults.apiAmbiguous === true;
	return isCut ? { kind: 'hang', realMs: 0 } : null;
}

async function answerWithFaults(
	provider: SandboxProvider,
	read: SandboxRequest,
	faults: Faults
): Promise<Reply> {
	const latencyMs = (faults.apiLatencySeconds ?? 0) * 1_000;
	const request: SandboxRequest = {
		...read,
		pause: async () => void (latencyMs > 0 && (await waitRealMs(latencyMs)))
	};
	// The work is done first where the fault is ambiguous, so that its error may replace what was kept.
	const answered = faults.apiAmbiguous === true ? await provider.answer(request) : null;
	const spoiled = spoiledReply(provider, request, faults);
	if (spoiled !== null) return spoiled;
	const reply = answered ?? (await provider.answer(request));
	if (faults.apiTrickleSeconds === undefined || reply.kind !== 'answer') return reply;
	return { kind: 'trickle', answer: reply, realMs: faults.apiTrickleSeconds * 1_000 };
}

function errorStatus(error: unknown): number {
	return error instanceof BodyTooLarge ? 413 : error instanceof TypeError ? 400 : 500;
}

function listen(server: http.Server, port: number, host: string): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			server.off('error', reject);
			const address = server.address();
			resolve(typeof address === 'object' && address !== null ? address.port : port);
		});
	});
}

function checkOptions({ host = '127.0.0.1', speed = 1 }: SandboxOptions): void {
	if (!isLoopbackHost(host)) throw new Error(`SANDBOX_HOST must be a loopback address: ${host}`);
	if (!(speed >= SLOWEST_SPEED && speed <= FASTEST_SPEED)) {
		throw new Error(`SANDBOX_SPEED must be a number from ${SLOWEST_SPEED} to ${FASTEST_SPEED}.`);
	}
}

/** Starts a sandbox on loopback. Throws with one clear sentence when an option cannot be used. */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
	checkOptions(options);
	const host = options.host ?? '127.0.0.1';
	const log = options.log ?? ((line: string) => console.error(line));
	const seed = options.seed ?? randomBytes(4).toString('hex');
	const clock = new SimulatedClock(options.speed ?? 1);
	const callbacks = new CallbackSender(clock, log);
	let url = '';
	const baseUrl = (): string => url;
	const context = { clock, callbacks, faults: new FaultBook(seed), seed, baseUrl, log };
	const control = new SandboxControl(context, openProviders(context, options.environment));
	const server = http.createServer((request, response) => {
		answer(control, request)
			.catch((error: unknown) => {
				const message = error instanceof Error ? error.message : String(error);
				log(`sandbox: ${request.method} ${request.url} failed: ${message}`);
				return jsonReply(errorStatus(error), { error: message });
			})
			.then((reply) => sendReply(response, reply));
	});
	const port = await listen(server, options.port ?? 0, host);
	url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
	const close = (): Promise<void> => {
		control.reset();
		clock.close();
		callbacks.close();
		return new Promise((resolve) => {
			server.close(() => resolve());
			server.closeAllConnections();
		});
	};
	return { url, port, control, close };
}
