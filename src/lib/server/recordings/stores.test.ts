import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDiskStore } from './disk-store';
import { openS3Store } from './s3-store';
import type { RecordingStore } from './store';
import { storageKeyOf } from './storage-key';

/** As much of S3 as a store of recordings needs, kept in memory. */
class SmallS3 {
	readonly objects = new Map<string, { body: Buffer; contentType: string }>();
	readonly authorizations: string[] = [];
	private readonly server = http.createServer((request, response) => {
		this.answer(request, response).catch(() => response.writeHead(500).end());
	});

	async open(): Promise<string> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		const address = this.server.address();
		if (typeof address !== 'object' || address === null) throw new Error('no port');
		return `http://127.0.0.1:${address.port}`;
	}

	close(): void {
		this.server.closeAllConnections();
		this.server.close();
	}

	private async answer(request: http.IncomingMessage, response: http.ServerResponse) {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(Buffer.from(chunk));
		const name = new URL(request.url ?? '', 'http://s3').pathname;
		this.authorizations.push(request.headers.authorization ?? '');
		if (request.method === 'PUT') {
			const contentType = request.headers['content-type'] ?? '';
			this.objects.set(name, { body: Buffer.concat(chunks), contentType });
			return response.writeHead(200).end();
		}
		if (request.method === 'DELETE') {
			this.objects.delete(name);
			return response.writeHead(204).end();
		}
		const found = this.objects.get(name);
		if (!found) {
			const xml = '<Error><Code>NoSuchKey</Code><Message>none</Message></Error>';
			return response.writeHead(404, { 'content-type': 'application/xml' }).end(xml);
		}
		const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
		const part = range ? found.body.subarray(Number(range[1]), Number(range[2]) + 1) : found.body;
		return response.writeHead(range ? 206 : 200, { 'content-type': found.contentType }).end(part);
	}
}

const directory = mkdtempSync(path.join(os.tmpdir(), 'talktime-stores-'));
const s3 = new SmallS3();
const stores = new Map<string, RecordingStore>();
const key = storageKeyOf('01900000-0000-7000-8000-000000000001');

beforeAll(async () => {
	stores.set('disk', openDiskStore(path.join(directory, 'kept')));
	stores.set(
		's3',
		openS3Store({
			bucket: 'calls',
			endpoint: await s3.open(),
			region: 'eu-west-1',
			accessKeyId: 'key-for-tests',
			secretAccessKey: 'secret-for-tests'
		})
	);
});
afterAll(() => {
	s3.close();
	rmSync(directory, { recursive: true });
});

function storeOf(name: string): RecordingStore {
	const store = stores.get(name);
	if (!store) throw new Error(`There is no store ${name}.`);
	return store;
}

async function textOf(stream: ReadableStream<Uint8Array> | null): Promise<string | null> {
	return stream && new Response(stream).text();
}

function fileWith(text: string) {
	const file = path.join(directory, 'incoming');
	writeFileSync(file, text);
	return { path: file, bytes: text.length, contentType: 'audio/mpeg' };
}

describe.each(['disk', 's3'])('given a store on %s', (name) => {
	it('when nothing was put there, then nothing is there, and deleting it is no error', async () => {
		expect(await storeOf(name).read(key, null)).toBeNull();
		await storeOf(name).delete(key);
	});

	it('when a file is put, then it is there whole and in part, and gone from where it was', async () => {
		const store = storeOf(name);
		const file = fileWith('0123456789');
		await store.put(key, file);
		expect(existsSync(file.path)).toBe(false);
		expect(await textOf(await store.read(key, null))).toBe('0123456789');
		expect(await textOf(await store.read(key, { start: 2, end: 4 }))).toBe('234');
	});

	it('when a file is put again, then it replaces the first; when deleted, then it is gone', async () => {
		const store = storeOf(name);
		await store.put(key, fileWith('again'));
		expect(await textOf(await store.read(key, null))).toBe('again');
		await store.delete(key);
		expect(await store.read(key, null)).toBeNull();
	});
});

describe('given the storage that speaks S3', () => {
	it('then requests are signed, and the bucket is in the path', async () => {
		await storeOf('s3').put(key, fileWith('signed'));
		expect([...s3.objects.keys()]).toEqual([`/calls/recordings/${key}`]);
		expect(s3.objects.get(`/calls/recordings/${key}`)?.contentType).toBe('audio/mpeg');
		expect(
			s3.authorizations.every((text) =>
				text.startsWith('AWS4-HMAC-SHA256 Credential=key-for-tests/')
			)
		).toBe(true);
	});
});

describe('given the key of a recording', () => {
	it('then it is spread over directories and tells nothing of the recording', () => {
		expect(key).toMatch(/^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{64}$/);
		expect(key).not.toContain('0190');
	});
});
