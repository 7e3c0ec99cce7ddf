import twilio from 'twilio';
import type { TwilioBrowserConfig } from '../../config';
import type { DeviceToken } from '../types';

const TOKEN_SECONDS = 3600;

/**
 * An access token for Twilio's Voice SDK (PROVIDERS.md 1.8). It says who is at the browser and nothing
 * else: what may be called is decided when the browser connects.
 */
export function createDeviceToken(
	accountSid: string,
	browser: TwilioBrowserConfig,
	identity: string
): DeviceToken {
	const token = new twilio.jwt.AccessToken(accountSid, browser.apiKeySid, browser.apiKeySecret, {
		identity,
		ttl: TOKEN_SECONDS
	});
	token.addGrant(
		new twilio.jwt.AccessToken.VoiceGrant({
			// Without it a browser cannot register, and would not hear that its token runs out.
			incomingAllow: true,
			outgoingApplicationSid: browser.twimlAppSid
		})
	);
	return { token: token.toJwt(), identity, lifetimeSeconds: TOKEN_SECONDS };
}
