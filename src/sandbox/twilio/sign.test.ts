import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import twilio from 'twilio';
import { signTwilioRequest, type FormFields } from './sign';

const URL_U = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const P = {
	CallSid: 'CA1234567890ABCDE',
	Caller: '+14158675309',
	Digits: '1234',
	From: '+14158675309',
	To: '+18005551212'
};
const BODY = '{"property": "value", "boolean": true}';
const BODY_SHA256 = createHash('sha256').update(BODY).digest('hex');
const withHost = (host: string, scheme = 'https'): string =>
	URL_U.replace('https://mycompany.com', `${scheme}://${host}`);

// PROVIDERS.md 1.7, official vectors with the token 12345.
const VECTORS: [string, string, FormFields, string][] = [
	['U and P', URL_U, P, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
	['http with :1234', withHost('mycompany.com:1234', 'http'), P, 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU='],
	['signed with :443', withHost('mycompany.com:443'), P, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
	['http with :80', withHost('mycompany.com:80', 'http'), P, '0ZXoZLH/DfblKGATFgpif+LLRf4='],
	['user:pass@', withHost('user:pass@mycompany.com'), P, 'CukzLTc1tT5dXEDIHm/tKBanW10='],
	['user@', withHost('user@mycompany.com'), P, '2YRLlVAflCqxaNicjMpJcSTgzSs='],
	['user:pass@:443', withHost('user:pass@mycompany.com:443'), P, 'ZQFR1PTIZXF2MXB8ZnKCvnnA+rI='],
	[
		'repeated values in any order',
		URL_U,
		{ 'MessagingBinding.Address': ['+1415xxxxxxx', '+1325xxxxxxx'] },
		'83O6e2vORAoJHUNzJjDWN1jz+BA='
	],
	[
		'equal values once',
		URL_U,
		{ Sid: 'CA123', SidAccount: 'AC123', Digits: ['5678', '1234', '1234'] },
		'IK+Dwps556ElfBT0I3Rgjkr1wJU='
	],
	['JSON body', `${URL_U}&bodySHA256=${BODY_SHA256}`, {}, 'a9nBmqA0ju/hNViExpshrM61xv4='],
	[
		'JSON body, no other query',
		`https://mycompany.com/myapp.php?bodySHA256=${BODY_SHA256}`,
		{},
		'y77kIzt2vzLz71DgmJGsen2scGs='
	]
];

test.each(VECTORS)('signs as Twilio does: %s', (_name, url, fields, expected) => {
	expect(signTwilioRequest('12345', url, fields)).toBe(expected);
});

// The legacy vector is signed over a re-encoded query (`'` as %27); the SDK's fallback accepts it.
test('signs the legacy query string as Twilio did', () => {
	const url = `${URL_U}&Body=It's+amazing`;
	const signature = signTwilioRequest('12345', url.replace("'", '%27'), P);
	expect(signature).toBe('TfZzewPq8wqrGlMfyAud8+/IvJ0=');
	expect(twilio.validateRequest('12345', signature, url, P)).toBe(true);
});

test('the SDK accepts non-ASCII and empty values, and refuses a changed one', () => {
	const fields = { FromCity: 'São Paulo', ToCity: '', CallStatus: 'completed' };
	const signature = signTwilioRequest('12345', URL_U, fields);
	expect(twilio.validateRequest('12345', signature, URL_U, fields)).toBe(true);
	const changed = { ...fields, CallStatus: 'busy' };
	expect(twilio.validateRequest('12345', signature, URL_U, changed)).toBe(false);
});
