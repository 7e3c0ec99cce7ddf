/** What the readers of the environment have in common. */
import { isIP, isIPv6 } from 'node:net';
import { z } from 'zod';

/** Bad configuration. The message is one line that names the variable. */
export class ConfigError extends Error {}

export const optionalText = z
	.string()
	.trim()
	.transform((text) => (text === '' ? undefined : text))
	.optional();

export const httpUrl = z.url({
	protocol: /^https?$/,
	error: 'must be an address like https://talktime.example.com'
});

/** A flag whose variable may be there but blank, as in a copied `.env.example`. */
export const flagOr = (unset: boolean) =>
	optionalText
		.pipe(z.enum(['0', '1', 'true', 'false'], 'must be 1 or 0').optional())
		.transform((text) => (text === undefined ? unset : text === '1' || text === 'true'));

/** Addresses and networks, separated by commas: `13.203.39.153, 10.0.0.0/8`. */
export const ipList = z
	.string()
	.default('')
	.transform((text) =>
		text
			.split(',')
			.map((entry) => entry.trim())
			.filter((entry) => entry !== '')
	)
	.refine((entries) => entries.every(isAddressOrNetwork), {
		error: 'must be IP addresses or networks like 13.203.39.153, separated by commas'
	});

function isAddressOrNetwork(entry: string): boolean {
	const [ip = '', bits, ...more] = entry.split('/');
	const bitsMax = isIPv6(ip) ? 128 : 32;
	const isNetwork = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax);
	return isIP(ip) !== 0 && isNetwork && more.length === 0;
}

/** Who may post to the webhook of a provider that does not sign. */
export interface WebhookGuard {
	/** Secret of the webhook's address, `?key=…`. */
	key: string;
	/** Addresses and networks it may come from; empty: any. */
	allowedIps: string[];
	/** A final event is confirmed by asking the provider before it moves money. */
	confirms: boolean;
}

/**
 * Values that only make sense together: a half-configured provider stops the start.
 * @returns all of them, or null when none is set
 * @throws ConfigError naming those that are missing
 */
export function allOrNone<Name extends string>(
	provider: string,
	values: Record<Name, string | undefined>
): Record<Name, string> | null {
	const names = Object.keys(values) as Name[];
	const missing = names.filter((name) => !values[name]);
	if (missing.length === names.length) return null;
	if (missing.length > 0) {
		throw new ConfigError(
			`${provider} is half configured: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set.`
		);
	}
	return values as Record<Name, string>; // none is missing
}
