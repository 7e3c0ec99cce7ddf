import { createHmac } from 'node:crypto';
import { isEqualSecret } from '../secrets';

/** What an access token allows (payloads/twilio/access_token.decoded.json). */
export interface VoiceGrant {
	identity: string;
	outgoingApplicationSid: string | null;
	canReceive: boolean;
}

export interface TokenIssuer {
	accountSid: string;
	keySid: string;
	keySecret: string;
}

/** An error as Twilio's Voice SDK tells it (PROVIDERS.md 1.8). */
export class VoiceError extends Error {
	constructor(
		readonly code: number,
		message: string
	) {
		super(message);
	}
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function decode(part: string | undefined): Record<string, unknown> {
	try {
		const parsed: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
		if (isRecord(parsed)) return parsed;
	} catch {
		// Told below, like any other part that is not an object.
	}
	throw new VoiceError(20101, 'Invalid access token');
}

/** Checks an access token: HS256 by the API key, issuer, account, expiry. Throws VoiceError. */
export function readAccessToken(
	token: string,
	issuer: TokenIssuer,
	unixSeconds: number
): VoiceGrant {
	const [header, payload, signature, ...rest] = token.split('.');
	const { alg, cty } = decode(header);
	if (alg !== 'HS256' || cty !== 'twilio-fpa;v=1' || rest.length > 0) {
		throw new VoiceError(20103, 'Invalid access token header');
	}
	const expected = createHmac('sha256', issuer.keySecret)
		.update(`${header}.${payload}`)
		.digest('base64url');
	if (issuer.keySecret === '' || !isEqualSecret(signature ?? '', expected)) {
		throw new VoiceError(20107, 'Invalid access token signature');
	}
	const claims = decode(payload);
	if (claims.iss !== issuer.keySid || claims.sub !== issuer.accountSid) {
		throw new VoiceError(20102, 'Invalid access token issuer or subject');
	}
	if (Number(claims.exp) <= unixSeconds) throw new VoiceError(20104, 'Access token expired');
	const grants = isRecord(claims.grants) ? claims.grants : {};
	const voice = isRecord(grants.voice) ? grants.voice : {};
	const outgoing = isRecord(voice.outgoing) ? voice.outgoing : {};
	const incoming = isRecord(voice.incoming) ? voice.incoming : {};
	const { identity } = grants;
	if (typeof identity !== 'string' || !/^[\w.+@-]{1,256}$/.test(identity)) {
		throw new VoiceError(20105, 'Invalid access token identity');
	}
	return {
		identity,
		outgoingApplicationSid:
			typeof outgoing.application_sid === 'string' ? outgoing.application_sid : null,
		canReceive: incoming.allow === true
	};
}
