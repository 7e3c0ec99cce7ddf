import { isIPv4, type LookupFunction } from 'node:net';

/** True for localhost, *.localhost, 127.0.0.0/8 and ::1. A name is never asked of a resolver. */
export function isLoopbackHost(hostname: string): boolean {
	const name = hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
	if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
	return isIPv4(name) && name.startsWith('127.');
}

/** True for the remote address of a socket that comes from this machine. */
export function isLoopbackAddress(address: string | undefined): boolean {
	return address !== undefined && isLoopbackHost(address.replace(/^::ffff:/, ''));
}

/** Resolves every name to this machine, so that a callback cannot leave it. */
export const lookupLoopback: LookupFunction = (_hostname, options, callback) => {
	if (options.all) {
		callback(null, [
			{ address: '127.0.0.1', family: 4 },
			{ address: '::1', family: 6 }
		]);
		return;
	}
	if (options.family === 6) callback(null, '::1', 6);
	else callback(null, '127.0.0.1', 4);
};
