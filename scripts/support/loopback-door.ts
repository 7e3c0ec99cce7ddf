import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';

/**
 * Lets http://localhost work where that name means ::1 first: passes connections on to 127.0.0.1,
 * and keeps another program from answering in our place. Without IPv6 it does nothing.
 */
export function openIpv6LoopbackDoor(port: number): Promise<{ stop(): Promise<void> }> {
	const server = createServer((outer) => {
		const inner = connect(port, '127.0.0.1');
		pipeline(outer, inner, () => {});
		pipeline(inner, outer, () => {});
	});
	const door = {
		stop: () => {
			server.close();
			return Promise.resolve();
		}
	};
	return new Promise((resolve) => {
		server.once('error', () => resolve(door));
		server.listen(port, '::1', () => resolve(door));
	});
}
