import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactSecrets } from './redact';

describe('given the body of a delivery', () => {
	it.each([
		'key',
		'Key',
		'token',
		'AuthToken',
		'auth_token',
		'api-key',
		'Signature',
		'X-Twilio-Signature',
		'StirPassportToken',
		'client_secret',
		'Password',
		'Authorization'
	])('when it has a field %s, then its value is not kept, however deep it lies', (name) => {
		const body = { CallSid: 'CA1', [name]: 's3cret', deep: { list: [{ [name]: 's3cret' }] } };
		const kept = JSON.stringify(redactSecrets(body));
		expect(kept).not.toContain('s3cret');
		expect(kept).toContain('CA1');
	});

	it('when an address in it is signed, then the address stays and the signature goes', () => {
		const url = 'https://s3.example/a.mp3?X-Amz-Date=1&X-Amz-Signature=abc&X-Amz-Credential=def#t';
		expect(redactSecrets({ RecordingUrl: url })).toEqual({
			RecordingUrl:
				'https://s3.example/a.mp3?X-Amz-Date=1&X-Amz-Signature=[redacted]&X-Amz-Credential=[redacted]#t'
		});
	});

	it('when its fields only look like secrets, then they stay', () => {
		const body = { llmTokens: 12, CustomField: 'key=1', Keypad: '5', monkey: 'x', Digits: '12' };
		expect(redactSecrets(body)).toEqual(body);
	});

	it('when it is any JSON at all, then every name stays, and twice is once', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (raw) => {
				const body = JSON.parse(JSON.stringify(raw));
				const once = redactSecrets(body);
				expect(Object.keys(once)).toEqual(Object.keys(body));
				expect(redactSecrets(once)).toEqual(once);
			})
		);
	});
});
