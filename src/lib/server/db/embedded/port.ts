import { createServer } from 'node:net';

/** @returns the preferred port when it is free, else any free one */
export function choosePort(preferred = 0): Promise<number> {
	return new Promise((resolve, reject) => {
		const probe = createServer();
		probe.once('error', (error) => (preferred === 0 ? reject(error) : resolve(choosePort())));
		probe.listen(preferred, '127.0.0.1', () => {
			const address = probe.address();
			const port = typeof address === 'object' && address ? address.port : 0;
			probe.close(() => resolve(port));
		});
	});
}
