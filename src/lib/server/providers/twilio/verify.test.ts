import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import completed from '../../../../../tests/fixtures/twilio/callback.completed.single_event.2022.json';
import { isSignedByTwilio } from './verify';

const TOKEN = '12345';
const U = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const P = {
	CallSid: 'CA1234567890ABCDE',
	Caller: '+14158675309',
	Digits: '1234',
	From: '+14158675309',
	To: '+18005551212'
};
const SIGNATURE = 'RSOYDt4T1cUTdK1PDd93/VVr8B8=';
const BODY_SHA256 = createHash('sha256')
	.update('{"property": "value", "boolean": true}')
	.digest('hex');
const at = (host: string, scheme = 'https') =>
	U.replace('https://mycompany.com', `${scheme}://${host}`);

// PROVIDERS.md 1.7: the official vectors, with the token 12345.
const VECTORS: [string, string, Record<string, string>, string][] = [
	['the form', U, P, SIGNATURE],
	['a port that was not signed', at('mycompany.com:1234'), P, SIGNATURE],
	['http with a port', at('mycompany.com:1234', 'http'), P, 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU='],
	['the port 443 signed but not seen', U, P, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
	[
		'the port 80 signed but not seen',
		at('mycompany.com', 'http'),
		P,
		'0ZXoZLH/DfblKGATFgpif+LLRf4='
	],
	['a user and password', at('user:pass@mycompany.com'), P, 'CukzLTc1tT5dXEDIHm/tKBanW10='],
	['a user', at('user@mycompany.com'), P, '2YRLlVAflCqxaNicjMpJcSTgzSs='],
	[
		'a user, password and signed port',
		at('user:pass@mycompany.com'),
		P,
		'ZQFR1PTIZXF2MXB8ZnKCvnnA+rI='
	],
	['a legacy query string', `${U}&Body=It's+amazing`, P, 'TfZzewPq8wqrGlMfyAud8+/IvJ0='],
	[
		'no form but the hash of a JSON body',
		`${U}&bodySHA256=${BODY_SHA256}`,
		{},
		'a9nBmqA0ju/hNViExpshrM61xv4='
	],
	[
		'the hash of a JSON body alone',
		`https://mycompany.com/myapp.php?bodySHA256=${BODY_SHA256}`,
		{},
		'y77kIzt2vzLz71DgmJGsen2scGs='
	]
];

describe('given what Twilio signed', () => {
	it.each(VECTORS)('when it is %s, then it is genuine', (_what, url, form, signature) => {
		expect(isSignedByTwilio(TOKEN, signature, url, form)).toBe(true);
	});

	it.each(VECTORS)(
		'when it is %s but the token is another, then it is refused',
		(_what, url, form, signature) => {
			expect(isSignedByTwilio('12346', signature, url, form)).toBe(false);
			expect(isSignedByTwilio('', signature, url, form)).toBe(false);
		}
	);

	it.each(VECTORS)(
		'when it is %s but one bit of the signature is flipped, then it is refused',
		(_what, url, form, signature) => {
			const bytes = Buffer.from(signature, 'base64');
			for (let index = 0; index < bytes.length; index++) {
				const flipped = Buffer.from(bytes);
				flipped.writeUInt8(flipped.readUInt8(index) ^ 1, index);
				expect(isSignedByTwilio(TOKEN, flipped.toString('base64'), url, form)).toBe(false);
			}
		}
	);

	it.each<[string, string, Record<string, string>]>([
		['a changed value', U, { ...P, Digits: '1235' }],
		['a value more', U, { ...P, CallDuration: '1' }],
		['a value less', U, { CallSid: P.CallSid, Caller: P.Caller, Digits: P.Digits, From: P.From }],
		[
			'a renamed field',
			U,
			{ CallSid: P.CallSid, Caller: P.Caller, Digit: P.Digits, From: P.From, To: P.To }
		],
		['a changed query', U.replace('bar=2', 'bar=3'), P],
		['http instead of https', at('mycompany.com', 'http'), P],
		['another host', at('mycompany.com.evil.example'), P],
		['another path', U.replace('myapp', 'myapp2'), P]
	])('when there is %s, then it is refused', (_what, url, form) => {
		expect(isSignedByTwilio(TOKEN, SIGNATURE, url, form)).toBe(false);
	});
});

describe('given no signature or garbage', () => {
	it.each([
		null,
		'',
		' ',
		'null',
		'=',
		`${SIGNATURE} `,
		` ${SIGNATURE}`,
		SIGNATURE.slice(0, -1),
		`${SIGNATURE}=`,
		SIGNATURE.toLowerCase(),
		`${SIGNATURE},${SIGNATURE}`,
		'A'.repeat(10_000),
		'😀'
	])('when the header is %j, then it is refused', (signature) => {
		expect(isSignedByTwilio(TOKEN, signature, U, P)).toBe(false);
	});

	it('when header, path, fields and token are anything, then it is refused and never throws', () => {
		const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
		fc.assert(
			fc.property(
				anyText,
				anyText,
				fc.dictionary(anyText, anyText),
				anyText,
				(header, path, form, token) => {
					expect(isSignedByTwilio(token, header, `https://mycompany.com/${path}`, form)).toBe(
						false
					);
				}
			)
		);
	});

	it('when a real body comes with the signature of another one, then it is refused', () => {
		expect(isSignedByTwilio(TOKEN, SIGNATURE, U, completed)).toBe(false);
	});

	it('when the URL is none at all, then it is refused and does not throw', () => {
		for (const url of ['', 'not a url', '/api/twilio/status', 'http://', 'null/api']) {
			expect(isSignedByTwilio(TOKEN, SIGNATURE, url, P)).toBe(false);
		}
	});
});
