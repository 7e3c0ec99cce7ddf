import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
	ensureEmbeddedPostgres,
	findRunningEmbeddedPostgres,
	removeEmbeddedPostgres,
	startEmbeddedPostgres
} from '$lib/server/db/embedded';
import { findClusterDir } from '$lib/server/db/embedded/instance';
import { isProcessAlive, waitForProcessEnd } from '$lib/server/db/embedded/processes';

const settings = { fsync: 'off', shared_buffers: '16MB' };
let dataDir: string;

// One data directory for all: making a database is the slow part.
beforeAll(() => {
	dataDir = mkdtempSync(path.join(tmpdir(), 'talktime-embedded-'));
	chmodSync(dataDir, 0o755);
});
afterEach(async () => {
	const running = await findRunningEmbeddedPostgres(dataDir);
	await running?.stop();
});
afterAll(() => removeEmbeddedPostgres(dataDir));

async function query(url: string, text: string): Promise<unknown> {
	const sql = postgres(url, { max: 1, onnotice: () => {} });
	try {
		const [row] = await sql.unsafe(text);
		return row && Object.values(row)[0];
	} finally {
		await sql.end();
	}
}

function clusterFile(name: string): string {
	return path.join(findClusterDir(dataDir) ?? '', name);
}

describe('embedded PostgreSQL', () => {
	it('creates and starts once when two ask at the same time', async () => {
		const [one, two] = await Promise.all([
			ensureEmbeddedPostgres(dataDir, { settings }),
			ensureEmbeddedPostgres(dataDir, { settings })
		]);
		expect(one.pid).toBe(two.pid);
		expect([one.owned, two.owned].sort()).toEqual([false, true]);
	});

	it('keeps data, password and port from one start to the next', async () => {
		const first = await startEmbeddedPostgres({ dataDir, settings });
		await query(first.url, 'create table first_kept as select 42 as answer');
		await first.stop();
		expect(isProcessAlive(first.pid)).toBe(false);

		const second = await startEmbeddedPostgres({ dataDir, settings });
		expect(second.url).toBe(first.url);
		expect(second.pid).not.toBe(first.pid);
		expect(await query(second.url, 'select answer from first_kept')).toBe(42);
	});

	it('speaks UTF-8 and UTC, asks for the password and is durable by default', async () => {
		const server = await startEmbeddedPostgres({ dataDir });
		expect(await query(server.url, `select upper('größe')`)).toBe('GRÖßE');
		expect(await query(server.url, 'show timezone')).toBe('UTC');
		expect(await query(server.url, 'show fsync')).toBe('on');
		expect(await query(server.url, 'show listen_addresses')).toBe('127.0.0.1');
		const url = new URL(server.url);
		url.password = 'wrong';
		await expect(query(url.href, 'select 1')).rejects.toThrow(/password/);
	});

	it('attaches to the running server and leaves it to the living owner', async () => {
		const first = await startEmbeddedPostgres({ dataDir, settings });
		const second = await ensureEmbeddedPostgres(dataDir, { settings });
		expect(second).toMatchObject({ pid: first.pid, url: first.url, owned: false });
	});

	it('adopts a server whose owner died', async () => {
		const first = await startEmbeddedPostgres({ dataDir, settings });
		const recordFile = path.join(dataDir, 'postgres-run.json');
		const record = JSON.parse(readFileSync(recordFile, 'utf8'));
		writeFileSync(recordFile, JSON.stringify({ ...record, ownerMark: 'an earlier process' }));
		expect(await ensureEmbeddedPostgres(dataDir, { settings })).toMatchObject({
			pid: first.pid,
			owned: true
		});
	});

	it.each([
		['a dead process', 2 ** 22 - 7],
		['another program that was given the id', process.pid]
	])('starts over the lock file of %s', async (_whose, pid) => {
		const first = await startEmbeddedPostgres({ dataDir, settings });
		const lock = readFileSync(clusterFile('postmaster.pid'), 'utf8');
		await first.stop();
		writeFileSync(clusterFile('postmaster.pid'), lock.replace(/^\d+/, String(pid)));
		expect(await findRunningEmbeddedPostgres(dataDir)).toBeNull();
		const second = await ensureEmbeddedPostgres(dataDir, { settings });
		expect(await query(second.url, 'select 1')).toBe(1);
	});

	it('recovers when the server was killed', async () => {
		const first = await startEmbeddedPostgres({ dataDir, settings });
		await query(first.url, 'create table kept as select 7 as answer');
		process.kill(first.pid, 'SIGKILL');
		await waitForProcessEnd(first.pid, 5_000);
		const second = await ensureEmbeddedPostgres(dataDir, { settings });
		expect(await query(second.url, 'select answer from kept')).toBe(7);
	});

	it('says in one line why it does not start', async () => {
		await expect(
			startEmbeddedPostgres({ dataDir, settings: { shared_buffers: 'much' } })
		).rejects.toThrow(/^PostgreSQL did not start: .*shared_buffers.*$/);
	});

	it('leaves nothing behind when removed', async () => {
		const server = await startEmbeddedPostgres({ dataDir, settings });
		const clusterDir = findClusterDir(dataDir);
		await removeEmbeddedPostgres(dataDir);
		expect(isProcessAlive(server.pid)).toBe(false);
		expect(existsSync(dataDir)).toBe(false);
		expect(clusterDir && existsSync(clusterDir)).toBe(false);
	});
});
