import { expect, it } from 'vitest';
import { readConfig } from '../config';
import { createProviders } from './registry';

const least = { DATABASE_URL: 'postgres://talktime@localhost:5432/talktime' };

it('given no credentials, then there is no provider', () => {
	expect(createProviders(readConfig(least))).toEqual({});
});

it('given those of Twilio, then it is the only one and calls from its number', () => {
	const config = readConfig({
		...least,
		TWILIO_ACCOUNT_SID: `AC${'0'.repeat(31)}1`,
		TWILIO_AUTH_TOKEN: '12345',
		TWILIO_FROM_NUMBER: '+12025550199'
	});
	const providers = createProviders(config);
	expect(Object.keys(providers)).toEqual(['twilio']);
	expect(providers.twilio).toMatchObject({ name: 'twilio', fromNumber: '+12025550199' });
});

it('given those of Exotel and Bolna, then both are there and say what they cannot do', () => {
	const config = readConfig({
		...least,
		EXOTEL_ACCOUNT_SID: 'asha1',
		EXOTEL_API_KEY: 'key',
		EXOTEL_API_TOKEN: 'token',
		EXOTEL_CALLER_ID: '08047112345',
		EXOTEL_WEBHOOK_KEY: 'webhook-key',
		BOLNA_API_KEY: 'key',
		BOLNA_AGENT_ID: 'agent',
		BOLNA_WEBHOOK_KEY: 'webhook-key',
		BOLNA_CALL_SECONDS_MAX: '120'
	});
	const { exotel, bolna, ...others } = createProviders(config);
	expect(others).toEqual({});
	const weak = { canHangUp: false, canExtend: false, signsWebhooks: false };
	expect(exotel).toMatchObject({
		name: 'exotel',
		fromNumber: '08047112345',
		capabilities: { ...weak, needsAgentPhone: true, fixedCallSeconds: null }
	});
	expect(bolna).toMatchObject({
		name: 'bolna',
		capabilities: { ...weak, needsAgentPhone: false, fixedCallSeconds: 120 }
	});
});
