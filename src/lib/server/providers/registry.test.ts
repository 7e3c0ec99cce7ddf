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
