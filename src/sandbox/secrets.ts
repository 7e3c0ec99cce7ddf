import { timingSafeEqual } from 'node:crypto';
import type { SandboxRequest } from './http';

/** Compares in constant time. */
export function isEqualSecret(left: string, right: string): boolean {
	const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
	return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}

/** Name and secret of Basic authentication; both empty when there is none. */
export function readBasic({ headers }: SandboxRequest): { name: string; secret: string } {
	const encoded = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
	const [name = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
	return { name, secret: rest.join(':') };
}

/** The token of `Authorization: Bearer`; empty when there is none. */
export function readBearer({ headers }: SandboxRequest): string {
	return /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
}
