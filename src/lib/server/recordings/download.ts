/**
 * Fetches one recording to a file of ours. Its address came in a webhook, so it is held against where the
 * provider's adapter says recordings lie, and nothing else is ever asked (DESIGN.md section 10).
 */
import { mkdir, open, rm } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RecordingSource } from '../providers/types';
import { AddressRefused, isLoopbackHost, isPublicAddress, lookupPublic } from './addresses';

export const BYTES_MAX = 200 * 1024 * 1024;
const TIME_MAX_MS = 5 * 60_000;
const SILENCE_MAX_MS = 30_000;

export type Download =
	| { kind: 'fetched'; bytes: number; contentType: string }
	/** Asking again later may help: the file is not ready, or nobody answered. */
	| { kind: 'not_yet'; reason: string }
	| { kind: 'refused'; reason: string };

export interface DownloadLimits {
	bytesMax: number;
	timeMaxMs: number;
}

const LIMITS: DownloadLimits = { bytesMax: BYTES_MAX, timeMaxMs: TIME_MAX_MS };

/** @param to path of the file that is written; nothing is left there unless it was fetched whole */
export async function download(
	address: string,
	source: RecordingSource,
	to: string,
	limits = LIMITS
): Promise<Download> {
	const url = URL.canParse(address) ? new URL(address) : null;
	const trouble = url ? findTrouble(url, source) : 'The address of the recording is none.';
	if (!url || trouble) return refused(trouble ?? '');
	const signal = AbortSignal.timeout(limits.timeMaxMs);
	try {
		const response = await ask(url, source, signal);
		const verdict = judge(response, limits);
		if (verdict) {
			response.destroy();
			return verdict;
		}
		const bytes = await writeDown(response, to, limits, signal);
		return { kind: 'fetched', bytes, contentType: contentTypeOf(response) };
	} catch (error) {
		await rm(to, { force: true });
		if (error instanceof AddressRefused || error instanceof TooLarge) return refused(error.message);
		const reason = signal.aborted ? 'it took too long' : reasonOf(error);
		return { kind: 'not_yet', reason: `The recording could not be fetched: ${reason}.` };
	}
}

/** Why an address is not asked at all; null when it may be. */
function findTrouble(url: URL, source: RecordingSource): string | null {
	if (!source.hosts.includes(url.host)) {
		return `Recordings are not fetched from ${url.host}.`;
	}
	if (url.username || url.password) return 'The address of the recording carries a password.';
	// The sandbox: on this machine, by name, and configured.
	if (isLoopbackHost(url.hostname)) return /^https?:$/.test(url.protocol) ? null : NOT_HTTPS;
	if (url.protocol !== 'https:') return NOT_HTTPS;
	const literal = url.hostname.replace(/^\[|\]$/g, '');
	const isPrivate = isIP(literal) !== 0 && !isPublicAddress(literal);
	return isPrivate ? `${url.host} is at an address that is not public.` : null;
}

const NOT_HTTPS = 'The address of the recording is not https.';

/** One request on a connection of its own, whose address was looked at. Redirects are not followed. */
function ask(
	url: URL,
	source: RecordingSource,
	signal: AbortSignal
): Promise<http.IncomingMessage> {
	const { request } = url.protocol === 'https:' ? https : http;
	return new Promise((resolve, reject) => {
		const asking = request(
			url,
			{
				agent: false,
				signal,
				timeout: SILENCE_MAX_MS,
				headers: {
					accept: 'audio/*',
					...(source.authorization !== null && { authorization: source.authorization })
				},
				...(!isLoopbackHost(url.hostname) && { lookup: lookupPublic })
			},
			resolve
		);
		asking.once('timeout', () => asking.destroy(new Error('nobody answered')));
		asking.once('error', reject);
		asking.end();
	});
}

/** What the answer's head says against fetching it; null when nothing does. */
function judge(response: http.IncomingMessage, limits: DownloadLimits): Download | null {
	const status = response.statusCode ?? 0;
	if (status >= 300 && status < 400)
		return refused('The recording lies elsewhere, and redirects are not followed.');
	if (status !== 200) {
		// 404 and 409 until the file is ready; 401 and 403 until the credentials are right.
		return {
			kind: 'not_yet',
			reason: `The recording is not there yet: it was answered ${status}.`
		};
	}
	if (!/^audio\/[\w.+-]+$/.test(contentTypeOf(response))) {
		return refused('What is there is no recording: its type is not audio.');
	}
	if (Number(response.headers['content-length']) > limits.bytesMax)
		return refused(tooLarge(limits));
	return null;
}

function contentTypeOf(response: http.IncomingMessage): string {
	return (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

class TooLarge extends Error {}

const tooLarge = ({ bytesMax }: DownloadLimits) =>
	`The recording is larger than ${Math.round(bytesMax / 1024 / 1024)} MB.`;

async function writeDown(
	response: http.IncomingMessage,
	to: string,
	limits: DownloadLimits,
	signal: AbortSignal
): Promise<number> {
	let bytes = 0;
	const counter = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			bytes += chunk.length;
			done(bytes > limits.bytesMax ? new TooLarge(tooLarge(limits)) : null, chunk);
		}
	});
	await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
	// Opened before anything can fail: a file that is still being opened when a download ends would come
	// into being after it was removed.
	const file = await open(to, 'w', 0o600);
	await pipeline(response, counter, file.createWriteStream(), { signal });
	if (!response.complete) throw new Error('the connection was cut');
	return bytes;
}

function refused(reason: string): Download {
	return { kind: 'refused', reason };
}

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message.slice(0, 200) : 'unknown error';
}
