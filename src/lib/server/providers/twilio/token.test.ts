import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import example from '../../../../../tests/fixtures/twilio/access_token.decoded.json';
import { createDeviceToken } from './token';

const browser = {
	apiKeySid: 'SK00000000000000000000000000000001',
	apiKeySecret: 'a-secret-for-tests',
	twimlAppSid: 'AP00000000000000000000000000000001'
};

function readPart(part: string | undefined): Record<string, unknown> {
	return JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
}

describe('given an access token', () => {
	const { token, identity, lifetimeSeconds } = createDeviceToken(
		'AC00000000000000000000000000000001',
		browser,
		'agent_42'
	);
	const [header, payload, signature] = token.split('.');

	it('then it is what Twilio documents, for an hour, and carries no parameter of ours', () => {
		expect(readPart(header)).toEqual(example.header);
		const { iat, exp, jti, ...rest } = readPart(payload);
		expect(rest).toEqual({
			iss: example.payload.iss,
			sub: example.payload.sub,
			grants: {
				identity: example.payload.grants.identity,
				voice: {
					incoming: example.payload.grants.voice.incoming,
					outgoing: {
						application_sid: example.payload.grants.voice.outgoing.application_sid
					}
				}
			}
		});
		expect(Number(exp) - Number(iat)).toBe(3_600);
		expect(jti).toBe(`${browser.apiKeySid}-${String(iat)}`);
		expect({ identity, lifetimeSeconds }).toEqual({ identity: 'agent_42', lifetimeSeconds: 3_600 });
	});

	it('then it is signed with the secret of the API key', () => {
		const expected = createHmac('sha256', browser.apiKeySecret)
			.update(`${header}.${payload}`)
			.digest('base64url');
		expect(signature).toBe(expected);
	});
});
