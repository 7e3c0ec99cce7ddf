/**
 * A plain TCP relay between the app and PostgreSQL that can be told to misbehave: cut every connection now,
 * after so many bytes, before a COMMIT reaches the server or after it was done and before its answer comes
 * back; or hold everything still for a while.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { FrontendReader, type AskedCommit } from './frontend-reader';

export type CommitMoment = 'before' | 'after';

/** A fault that waits for its moment. */
interface Armed {
	moment: CommitMoment;
	isWanted: (commit: AskedCommit) => boolean;
	done: () => void;
}

interface Link {
	client: Socket;
	server: Socket;
	reader: FrontendReader;
	/** What the server has said since the commit whose answer is kept back, and whom to tell. */
	doomed: { heard: Buffer; done: () => void } | null;
}

/** The tag of a commit that was done. */
const COMMIT_DONE = Buffer.from('COMMIT\0');

export class DatabaseProxy {
	private readonly links = new Set<Link>();
	private armed: Armed | null = null;
	private bytesLeft: { count: number; done: () => void } | null = null;
	private isStill = false;

	private constructor(
		private readonly listener: Server,
		readonly port: number,
		private readonly targetPort: number
	) {
		listener.on('connection', (client) => this.relay(client));
	}

	static open(targetPort: number): Promise<DatabaseProxy> {
		const listener = createServer({ noDelay: true });
		return new Promise((resolve, reject) => {
			listener.once('error', reject);
			listener.listen(0, '127.0.0.1', () => {
				const address = listener.address();
				const port = typeof address === 'object' && address ? address.port : 0;
				resolve(new DatabaseProxy(listener, port, targetPort));
			});
		});
	}

	/** @returns how many connections there were */
	cutAll(): number {
		const count = this.links.size;
		for (const link of this.links) this.cut(link);
		return count;
	}

	/** Cuts every connection once so many more bytes have passed, in the middle of whatever that is. */
	cutAfterBytes(count: number): Promise<void> {
		return new Promise((done) => (this.bytesLeft = { count, done }));
	}

	/** Cuts every connection at the next commit that is wanted. */
	cutAtCommit(moment: CommitMoment, isWanted: Armed['isWanted']): Promise<void> {
		return new Promise((done) => (this.armed = { moment, isWanted, done }));
	}

	/** Passes nothing on until `release`: new connections wait too. */
	hold(): void {
		this.isStill = true;
		for (const link of this.links) pause(link);
	}

	release(): void {
		this.isStill = false;
		for (const link of this.links) resume(link);
	}

	async close(): Promise<void> {
		this.cutAll();
		await new Promise((resolve) => this.listener.close(resolve));
	}

	private relay(client: Socket): void {
		const server = connect({ port: this.targetPort, host: '127.0.0.1', noDelay: true });
		const link: Link = { client, server, reader: new FrontendReader(), doomed: null };
		this.links.add(link);
		client.on('data', (chunk: Buffer) => this.fromClient(link, chunk));
		server.on('data', (chunk: Buffer) => this.fromServer(link, chunk));
		client.on('drain', () => !this.isStill && server.resume());
		server.on('drain', () => !this.isStill && client.resume());
		for (const socket of [client, server]) {
			socket.on('error', () => {});
			socket.on('close', () => this.cut(link));
		}
		if (this.isStill) pause(link);
	}

	private fromClient(link: Link, chunk: Buffer): void {
		const { armed } = this;
		const commits = link.reader.read(chunk);
		if (armed && commits.some(armed.isWanted)) {
			this.armed = null;
			if (armed.moment === 'before') return this.strike(armed.done);
			link.doomed = { heard: Buffer.alloc(0), done: armed.done };
		}
		this.pass(chunk, link.server, link.client);
	}

	private fromServer(link: Link, chunk: Buffer): void {
		const { doomed } = link;
		if (!doomed) return this.pass(chunk, link.client, link.server);
		doomed.heard = Buffer.concat([doomed.heard, chunk]);
		if (doomed.heard.includes(COMMIT_DONE)) this.strike(doomed.done);
	}

	private pass(chunk: Buffer, to: Socket, from: Socket): void {
		const limit = this.bytesLeft;
		if (limit && limit.count <= chunk.length) {
			this.bytesLeft = null;
			to.write(chunk.subarray(0, limit.count), () => this.strike(limit.done));
			return;
		}
		if (limit) limit.count -= chunk.length;
		if (!to.write(chunk)) from.pause();
	}

	private strike(done: () => void): void {
		this.cutAll();
		done();
	}

	private cut(link: Link): void {
		if (!this.links.delete(link)) return;
		link.client.destroy();
		link.server.destroy();
	}
}

function pause({ client, server }: Link): void {
	client.pause();
	server.pause();
}

function resume({ client, server }: Link): void {
	client.resume();
	server.resume();
}
