import net, { type AddressInfo } from 'node:net';

export interface TcpProxy {
	port: number;
	close(): Promise<void>;
}

/** A plain proxy before several processes: each connection goes to the next one in turn. */
export async function startTcpProxy(ports: () => number[]): Promise<TcpProxy> {
	let turn = 0;
	const open = new Set<net.Socket>();
	const server = net.createServer((client) => {
		const targets = ports();
		const upstream = net.connect(targets[turn++ % targets.length] ?? 0, '127.0.0.1');
		for (const [one, other] of [
			[client, upstream],
			[upstream, client]
		] as const) {
			open.add(one);
			one.pipe(other);
			one.once('error', () => other.destroy());
			one.once('close', () => {
				open.delete(one);
				other.destroy();
			});
		}
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port, // it listens on a port
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				for (const socket of open) socket.destroy();
			})
	};
}
