import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseProxy } from './faults/database-proxy';
import { FrontendReader } from './faults/frontend-reader';

function message(type: string, body: string): Buffer {
	const length = Buffer.alloc(4);
	length.writeInt32BE(body.length + 4);
	return Buffer.concat([Buffer.from(type), length, Buffer.from(body)]);
}

const STARTUP = message('', '\0\x03\0\0user\0app\0\0');
const query = (text: string) => message('Q', `${text}\0`);
const COMMIT = query('commit');
const DONE = message('C', 'COMMIT\0');

describe('given what a client says to PostgreSQL', () => {
	it('when it commits a simple query in pieces, then the commit is told once it is whole, with its statements', () => {
		const reader = new FrontendReader();
		const said = Buffer.concat([STARTUP, query('begin'), query('insert into a'), COMMIT]);
		for (const byte of said.subarray(0, -1)) expect(reader.read(Buffer.from([byte]))).toEqual([]);
		expect(reader.read(said.subarray(-1))).toEqual([{ statements: ['insert into a'] }]);
	});

	it('when it binds a commit that was prepared long ago, then that is told too', () => {
		const reader = new FrontendReader();
		reader.read(Buffer.concat([STARTUP, message('P', 's1\0commit\0\0\0'), query('begin')]));
		expect(reader.read(message('B', '\0s1\0\0\0'))).toEqual([{ statements: [] }]);
	});
});

describe('given a relay in front of a database', () => {
	let database: Server;
	let heard: Buffer;
	let proxy: DatabaseProxy;
	let client: Socket;
	let answer: Buffer;

	beforeEach(async () => {
		heard = answer = Buffer.alloc(0);
		database = createServer((socket) => {
			socket.on('error', () => {});
			socket.on('data', (chunk) => {
				heard = Buffer.concat([heard, chunk]);
				socket.write(heard.includes('commit') ? DONE : 'hello');
			});
		}).listen(0, '127.0.0.1');
		await once(database, 'listening');
		const address = database.address();
		proxy = await DatabaseProxy.open(typeof address === 'object' && address ? address.port : 0);
		client = connect(proxy.port, '127.0.0.1');
		client.on('data', (chunk: Buffer) => (answer = Buffer.concat([answer, chunk])));
		client.on('error', () => {});
		client.write(STARTUP);
		await once(client, 'data');
	});

	afterEach(async () => {
		client.destroy();
		await proxy.close();
		database.close();
	});

	it('when it cuts before a commit, then the database never hears of it', async () => {
		const cut = proxy.cutAtCommit('before', () => true);
		client.write(COMMIT);
		await Promise.all([cut, once(client, 'close')]);
		expect(heard.includes('commit')).toBe(false);
	});

	it('when it cuts after a commit, then the database did it and the client does not know', async () => {
		const cut = proxy.cutAtCommit('after', () => true);
		client.write(COMMIT);
		await Promise.all([cut, once(client, 'close')]);
		expect(heard.includes('commit')).toBe(true);
		expect(answer.toString()).toBe('hello');
	});

	it('when it cuts after some bytes, then no more than those have passed', async () => {
		const cut = proxy.cutAfterBytes(3);
		client.write('123456');
		await Promise.all([cut, once(client, 'close')]);
		expect('123').toContain(heard.subarray(STARTUP.length).toString());
	});

	it('when it holds still, then what was said meanwhile arrives after the release', async () => {
		proxy.hold();
		client.write('later');
		await new Promise((resolve) => setImmediate(resolve));
		expect(heard.includes('later')).toBe(false);
		proxy.release();
		await once(client, 'data');
		expect(heard.includes('later')).toBe(true);
	});
});
