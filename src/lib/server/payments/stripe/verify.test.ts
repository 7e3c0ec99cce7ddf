import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import succeeded from '../../../../../tests/fixtures/stripe/event.payment_intent.succeeded.json';
import { readSignedBody, TOLERANCE_SECONDS } from './verify';

const NEW = 'whsec_new';
const OLD = 'whsec_old';
const NOW_MS = Date.parse('2026-11-21T10:00:00.400Z');
const NOW = Math.floor(NOW_MS / 1000);
const BODY = JSON.stringify(succeeded, null, 2);

/** Reckoned apart from the SDK (PROVIDERS.md 4.4): HMAC-SHA256 over moment, dot and raw body. */
function mac(secret = NEW, at: number | string = NOW, body = BODY): string {
	return createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
}

function read(header: string | null, body: string | Buffer = BODY, secrets = [NEW, OLD]) {
	return readSignedBody(secrets, Buffer.from(body), header, NOW_MS);
}

const other = mac('whsec_another');
const TAKEN: [string, string][] = [
	['the new secret', `t=${NOW},v1=${mac()}`],
	['the old secret, while they are rotated', `t=${NOW},v1=${mac(OLD)}`],
	['two signatures, the first right', `t=${NOW},v1=${mac()},v1=${other}`],
	['two signatures, the second right', `t=${NOW},v1=${other},v1=${mac()}`],
	['a v0 beside the v1', `t=${NOW},v1=${mac()},v0=${other}`],
	['the moment after the signature', `v1=${mac()},t=${NOW}`],
	[
		`exactly ${TOLERANCE_SECONDS} seconds old`,
		`t=${NOW - TOLERANCE_SECONDS},v1=${mac(NEW, NOW - TOLERANCE_SECONDS)}`
	],
	['a clock that is a little ahead', `t=${NOW + 60},v1=${mac(NEW, NOW + 60)}`]
];
const REFUSED: [string, string | null][] = [
	['no header', null],
	['an empty header', ''],
	['words', 'hello'],
	['another secret', `t=${NOW},v1=${other}`],
	['another moment', `t=${NOW - 1},v1=${mac()}`],
	['no moment', `v1=${mac()}`],
	['no signature', `t=${NOW}`],
	['only v0', `t=${NOW},v0=${mac()}`],
	['upper-case hex', `t=${NOW},v1=${mac().toUpperCase()}`],
	['a space after the comma', `t=${NOW}, v1=${mac()}`],
	['half of the signature', `t=${NOW},v1=${mac().slice(0, 32)}`],
	['an empty signature', `t=${NOW},v1=`],
	['301 seconds old', `t=${NOW - 301},v1=${mac(NEW, NOW - 301)}`],
	['a day old', `t=${NOW - 86_400},v1=${mac(NEW, NOW - 86_400)}`],
	['301 seconds ahead', `t=${NOW + 301},v1=${mac(NEW, NOW + 301)}`],
	['a moment that is no number', `t=now,v1=${mac(NEW, 'now')}`]
];

describe('readSignedBody', () => {
	it.each(TAKEN)('given %s, then the event is read', (_name, header) => {
		expect(read(header)).toMatchObject({ type: 'payment_intent.succeeded' });
	});

	it.each(REFUSED)('given %s, then nothing is read', (_name, header) => {
		expect(read(header)).toBeNull();
	});

	it('given a body that was serialised anew, then nothing is read', () => {
		const header = `t=${NOW},v1=${mac()}`;
		expect(read(header, JSON.stringify(succeeded))).toBeNull();
		expect(read(header, BODY.replace('2000', '9000'))).toBeNull();
		expect(read(header, `${BODY}\n`)).toBeNull();
	});

	it('given text that is no JSON, though signed, then it is nonsense rather than refused', () => {
		for (const secret of [NEW, OLD]) {
			for (const body of ['', 'x', 'null']) {
				expect(read(`t=${NOW},v1=${mac(secret, NOW, body)}`, body), body).toBeUndefined();
			}
			expect(read(`t=${NOW},v1=${mac(secret, NOW, '[]')}`, '[]')).toEqual([]);
		}
	});

	it('given bytes that are no text, not signed, then nothing is read', () => {
		expect(read(`t=${NOW},v1=${mac()}`, Buffer.from([0xff, 0xfe, 0x00]))).toBeNull();
	});

	it('given anything in the header, then it is refused and never throws', () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), (header, body) => {
				expect(read(header, body)).toBeNull();
			})
		);
	});
});
