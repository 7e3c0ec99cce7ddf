import { createServer, connect } from 'node:net';

/** @param {string | undefined} text */
export function parsePort(text) {
	const port = Number(text || '3000');
	if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
	throw new Error(`PORT must be a number from 1 to 65535, and is "${text}".`);
}

/**
 * Throws one line that names PORT when the port cannot be used.
 * @param {number} port
 * @param {string} host
 * @param {string} command what the person typed, to be repeated with another port
 */
export async function requireFreePort(port, host, command) {
	if (await isBlocked(port)) {
		throw new Error(
			`Port ${port} is one that browsers do not open. Start Talktime on another: PORT=3000 ${command}`
		);
	}
	for (const address of new Set([host, '127.0.0.1', '::1'])) {
		const code = await findListenError(port, address);
		if (code === 'EACCES') {
			throw new Error(
				`Port ${port} needs more rights. Start Talktime on another: PORT=3001 ${command}`
			);
		}
		if (address === host && code && code !== 'EADDRINUSE') {
			throw new Error(`Talktime cannot listen on HOST ${host} (${code}).`);
		}
		if (code === 'EADDRINUSE' || (await answers(port, address))) {
			const other = port < 65_535 ? port + 1 : 3000;
			throw new Error(
				`Port ${port} is taken by another program. Stop it, or start Talktime on another port: PORT=${other} ${command}`
			);
		}
	}
}

/**
 * Whether the fetch standard forbids the port, as it does those of mail and other services.
 * @param {number} port
 */
async function isBlocked(port) {
	try {
		await fetch(`http://127.0.0.1:${port}/`, {
			method: 'HEAD',
			signal: AbortSignal.timeout(1_000)
		});
		return false;
	} catch (error) {
		const cause = error instanceof Error ? error.cause : null;
		return cause instanceof Error && cause.message === 'bad port';
	}
}

/**
 * @param {number | undefined} [preferred] used when it is free
 * @returns {Promise<number>}
 */
export async function choosePort(preferred) {
	if (preferred && !(await findListenError(preferred, '127.0.0.1'))) return preferred;
	return new Promise((resolve, reject) => {
		const probe = createServer();
		probe.once('error', reject);
		probe.listen(0, '127.0.0.1', () => {
			const address = probe.address();
			probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
		});
	});
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<string | undefined>} the system's error code
 */
function findListenError(port, host) {
	return new Promise((resolve) => {
		const probe = createServer();
		probe.once('error', (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code));
		probe.listen(port, host, () => probe.close(() => resolve(undefined)));
	});
}

/**
 * Some systems let one program listen on an address that another holds through a wildcard.
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
function answers(port, host) {
	return new Promise((resolve) => {
		const socket = connect({ port, host, timeout: 500 });
		const finish = (/** @type {boolean} */ isAnswered) => {
			socket.destroy();
			resolve(isAnswered);
		};
		socket.once('connect', () => finish(true));
		socket.once('error', () => finish(false));
		socket.once('timeout', () => finish(false));
	});
}
