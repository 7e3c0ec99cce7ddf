import { countByStatus } from '../call-shelf';
import { ControlInputError, readFields, shortText } from '../control-input';
import { jsonReply, type Reply, type SandboxRequest } from '../http';
import { isLoopbackHost } from '../loopback';
import type {
	FinishRequest,
	ProviderRegistration,
	SandboxCallView,
	SandboxContext,
	SandboxEnvironment,
	SandboxProvider
} from '../provider';
import { Announcer } from './announce';
import { BrowserCalls } from './browser-calls';
import { CallStore } from './call-store';
import { answerDevice } from './device';
import { isAddress, type CallbackTarget } from './parameters';
import type { TwilioCall } from './call-record';
import type { CallRoom } from './calls';
import { errorReply, faultError } from './errors';
import { answerTwilio, type Credentials } from './routes';
import { CallScript } from './script';
import { API_VERSION } from './wire';

function toCallView(call: TwilioCall): SandboxCallView {
	return {
		provider: 'twilio',
		sid: call.sid,
		from: call.parameters.from,
		to: call.parameters.to,
		status: call.status,
		outcome: call.outcome.description,
		durationSeconds: call.durationSeconds,
		price: call.price,
		createdAt: call.createdAt.toISOString(),
		endedAt: call.endedAt?.toISOString() ?? null,
		callbacksSent: call.callbacksSent,
		callbacksFailed: call.callbacksFailed
	};
}

function finishCall(
	{ store, script }: CallRoom,
	sid: string,
	finish: FinishRequest
): 'finished' | 'unknown' | 'already-ended' {
	const call = store.find(sid);
	if (call === null) return 'unknown';
	if (call.stage === 'ended') return 'already-ended';
	script.finish(call, finish);
	return 'finished';
}

/** TWILIO_VOICE_URL, or the app's own door; null when neither is known. */
function readVoiceUrl(environment: SandboxEnvironment): CallbackTarget | null {
	const { TWILIO_VOICE_URL: given, SANDBOX_APP_URL: app } = environment;
	const url = given || (app ? `${app}/api/twilio/voice` : null);
	if (url === null) return null;
	if (URL.canParse(url) && isLoopbackHost(new URL(url).hostname)) return { url, method: 'POST' };
	throw new Error(`TWILIO_VOICE_URL must be a loopback address: ${url}`);
}

/** TWILIO_CALLS_PER_SECOND; missing: no call waits. */
function readCallsPerSecond(environment: SandboxEnvironment): number | null {
	const text = environment.TWILIO_CALLS_PER_SECOND ?? '';
	if (text === '') return null;
	if (Number(text) > 0) return Number(text);
	throw new Error('TWILIO_CALLS_PER_SECOND must be a number above 0.');
}

/** `POST /_sandbox/twilio/call-in {from, to}`: a person rings one of our numbers. */
function callIn(
	browser: BrowserCalls,
	ownNumber: string,
	{ method, rawBody }: SandboxRequest,
	path: string
): Reply | null {
	if (`${method} ${path}` !== 'POST /call-in') return null;
	const { from = '', to = ownNumber } = readFields<{ from: string; to: string }>(rawBody, {
		from: shortText,
		to: shortText
	});
	if (!isAddress(from)) throw new ControlInputError('from must be a number like +12025550161.');
	if (!isAddress(to)) throw new ControlInputError('to must be a number like +12025550100.');
	return jsonReply(201, browser.callIn(from, to));
}

function openTwilio(context: SandboxContext, environment: SandboxEnvironment): SandboxProvider {
	const accountSid = environment.TWILIO_ACCOUNT_SID ?? '';
	const authToken = environment.TWILIO_AUTH_TOKEN ?? '';
	const keySid = environment.TWILIO_API_KEY_SID ?? '';
	const keySecret = environment.TWILIO_API_KEY_SECRET ?? '';
	const pairs: [string, string][] = [[accountSid, authToken]];
	if (keySid !== '' && keySecret !== '') pairs.push([keySid, keySecret]);
	const credentials: Credentials = new Map(pairs);
	const identity = { accountSid, authToken };
	const announcer = new Announcer(context, identity);
	const script = new CallScript(context, announcer, readCallsPerSecond(environment));
	const store = new CallStore();
	const application = {
		sid: environment.TWILIO_TWIML_APP_SID ?? '',
		voice: readVoiceUrl(environment)
	};
	const browser = new BrowserCalls({ context, identity, store, script, application });
	const ringClient = (call: TwilioCall): void => browser.ring(call);
	const room: CallRoom = { context, accountSid, store, script, ringClient };
	const issuer = { accountSid, keySid, keySecret };
	return {
		name: 'twilio',
		owns: (pathname) => pathname.startsWith(`/${API_VERSION}/`),
		answer: (request) => answerTwilio(room, credentials, request),
		errorReply: (status) => errorReply(faultError(status)),
		listCalls: (limit) => room.store.newestFirst().slice(0, limit).map(toCallView),
		countCalls: () => countByStatus(room.store.newestFirst()),
		finishCall: (sid, finish) => finishCall(room, sid, finish),
		control: (request, path) =>
			callIn(browser, environment.TWILIO_FROM_NUMBER ?? '', request, path),
		device: (request, path) => answerDevice(browser, issuer, request, path),
		reset: () => {
			browser.clear();
			room.store.clear();
		}
	};
}

/** Twilio's REST API and webhooks. */
export const twilioRegistration: ProviderRegistration = {
	name: 'twilio',
	needs: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'],
	open: openTwilio
};
