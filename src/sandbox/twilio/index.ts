import { countByStatus } from '../call-shelf';
import type {
	FinishRequest,
	ProviderRegistration,
	SandboxCallView,
	SandboxContext,
	SandboxEnvironment,
	SandboxProvider
} from '../provider';
import { Announcer } from './announce';
import { CallStore } from './call-store';
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

function openTwilio(context: SandboxContext, environment: SandboxEnvironment): SandboxProvider {
	const accountSid = environment.TWILIO_ACCOUNT_SID ?? '';
	const authToken = environment.TWILIO_AUTH_TOKEN ?? '';
	const keySid = environment.TWILIO_API_KEY_SID ?? '';
	const keySecret = environment.TWILIO_API_KEY_SECRET ?? '';
	const pairs: [string, string][] = [[accountSid, authToken]];
	if (keySid !== '' && keySecret !== '') pairs.push([keySid, keySecret]);
	const credentials: Credentials = new Map(pairs);
	const script = new CallScript(context, new Announcer(context, { accountSid, authToken }));
	const room: CallRoom = { context, accountSid, store: new CallStore(), script };
	return {
		name: 'twilio',
		owns: (pathname) => pathname.startsWith(`/${API_VERSION}/`),
		answer: (request) => answerTwilio(room, credentials, request),
		errorReply: (status) => errorReply(faultError(status)),
		listCalls: (limit) => room.store.newestFirst().slice(0, limit).map(toCallView),
		countCalls: () => countByStatus(room.store.newestFirst()),
		finishCall: (sid, finish) => finishCall(room, sid, finish),
		reset: () => room.store.clear()
	};
}

/** Twilio's REST API and webhooks. */
export const twilioRegistration: ProviderRegistration = {
	name: 'twilio',
	needs: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'],
	open: openTwilio
};
