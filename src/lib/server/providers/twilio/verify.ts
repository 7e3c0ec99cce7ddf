import twilio from 'twilio';

/**
 * Whether Twilio signed this request (PROVIDERS.md 1.7).
 * @param url the URL as Twilio was given it, built from the configured origin, never from headers
 * @param form every received field, unknown ones included
 */
export function isSignedByTwilio(
	authToken: string,
	signature: string | null,
	url: string,
	form: Record<string, string>
): boolean {
	if (signature === null || signature === '') return false;
	try {
		return twilio.validateRequest(authToken, signature, url, form);
	} catch {
		// The package throws on a URL it cannot parse: nobody can have signed that.
		return false;
	}
}
