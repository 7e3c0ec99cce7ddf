import { expect, it } from 'vitest';
import { isConnectionTrouble } from './trouble';

const withCode = (code: string) => Object.assign(new Error('of the database'), { code });

it.each([
	['CONNECTION_CLOSED', 'a connection that was cut'],
	['08006', 'a connection that failed'],
	['57P03', 'a server that starts'],
	['53100', 'a disk that is full'],
	['53200', 'no memory left'],
	['53300', 'no connection left'],
	['58030', 'a disk that cannot be read']
])('given %s (%s), then the work may be tried again', (code) => {
	expect(isConnectionTrouble(withCode(code))).toBe(true);
	expect(isConnectionTrouble(new Error('outer', { cause: withCode(code) }))).toBe(true);
});

it.each([
	['23505', 'a key that is taken'],
	['22P02', 'text that is no number'],
	['53400', 'a statement over its limit'],
	['', 'no code']
])('given %s (%s), then the work itself is wrong', (code) => {
	expect(isConnectionTrouble(withCode(code))).toBe(false);
});
