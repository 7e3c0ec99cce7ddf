import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { choosePort, parsePort, requireFreePort } from '../scripts/support/port.mjs';

it.each(['0', '65536', '80.5', 'http', '-1'])(
	'given PORT "%s", then it is refused by name',
	(text) => {
		expect(() => parsePort(text)).toThrow('PORT must be a number from 1 to 65535');
	}
);

it.each([4190, 6000])(
	'given port %i, which no browser opens, then the start says so',
	async (port) => {
		await expect(requireFreePort(port, '127.0.0.1', 'npm start')).rejects.toThrow(
			`Port ${port} is one that browsers do not open.`
		);
	}
);

it('given a free port, then it is taken as it is; given a taken one, then another is proposed', async () => {
	const port = await choosePort();
	await requireFreePort(port, '127.0.0.1', 'npm start');
	const other = createServer().listen(port, '127.0.0.1');
	try {
		await expect(requireFreePort(port, '127.0.0.1', 'npm start')).rejects.toThrow(
			`Port ${port} is taken by another program.`
		);
	} finally {
		other.close();
	}
});
