/**
 * Twilio asks what to do with a call that reached us: a browser that connected, or somebody who rang one
 * of our numbers. What the browser sends along is its caller's to choose; who it is stands in `From`,
 * which Twilio took from the token that we signed. So the call it names must be that person's own, checked
 * and held already, and is put through once. The answer is given after the lane knows the browser's leg.
 */
import { eq } from 'drizzle-orm';
import { assertNever } from '$lib/domain/assert-never';
import { userIdOf } from '$lib/domain/call/identity';
import type { Call } from '$lib/domain/call/call';
import type { ConnectRefusal } from '$lib/domain/lane/commands';
import { isUuid } from '$lib/domain/uuid';
import { organizations, users } from '../db/schema/index';
import { LaneUnavailable } from '../lane/lane';
import { browserTwiml, emptyTwiml, incomingTwiml, refusalTwiml } from '../providers/twilio/twiml';
import { VoiceRequest } from '../providers/twilio/wire';
import type { Services } from '../services';
import type { WebhookAnswer } from './answer';
import { findCalledBack } from './find-called-back';
import { readSigned, type TwilioRequest } from './twilio-request';

const BROWSER = 'client:';
const NOBODY =
	'Thank you for calling. Nobody can take your call right now. We will call you again. Goodbye.';
/** Nobody but us pays for a call that comes in, so it is not for long. */
const INCOMING_SECONDS_MAX = 1_800;
const TRY_AGAIN = 'This call cannot be put through. Please place it again in Talktime.';

export async function receiveTwilioVoice(
	services: Services,
	request: TwilioRequest
): Promise<WebhookAnswer> {
	const verified = readSigned(services, request);
	if (!verified.ok) return verified.answer;
	const { origin, fields } = verified.signed;
	const asked = VoiceRequest.safeParse(fields);
	if (!asked.success) return { status: 400, body: 'CallSid or From is missing.' };
	const { CallSid: parentCallId, From: from } = asked.data;
	if (!from.startsWith(BROWSER)) return answerIncoming(services, asked.data, origin);
	const identity = from.slice(BROWSER.length);
	const connected = await connect(services, identity, fields.call ?? '', parentCallId);
	services.log.info(
		{
			provider: 'twilio',
			providerCall: parentCallId,
			call: connected.ok ? connected.call.id : undefined,
			outcome: connected.ok ? 'connected' : connected.reason
		},
		'browser connected'
	);
	if (!connected.ok) return say(sentenceFor(connected.reason));
	const policy = await readPolicy(services, connected.call.organizationId);
	const { id: callId, from: callerId, to, timeLimitSeconds } = connected.call;
	return twiml(browserTwiml({ callId, from: callerId, to, timeLimitSeconds, ...policy }, origin));
}

/**
 * Whoever was called from a browser and rings back reaches the person who called them last. Such a call is
 * not billed, not held for and no row of `calls`: it can cost an organisation nothing.
 */
async function answerIncoming(
	services: Services,
	{ CallSid, From: from, To: to, DialCallStatus: ended }: VoiceRequest,
	origin: string
): Promise<WebhookAnswer> {
	if (ended === 'completed') return twiml(emptyTwiml());
	const called = ended === undefined && to ? await findCalledBack(services, { from, to }) : null;
	services.log.info(
		{ provider: 'twilio', providerCall: CallSid, outcome: called ? 'rings' : (ended ?? 'nobody') },
		'incoming call'
	);
	if (called === null) return say(NOBODY);
	const { identity } = called;
	return twiml(incomingTwiml({ identity, from, timeLimitSeconds: INCOMING_SECONDS_MAX }, origin));
}

type Connected = { ok: true; call: Call } | { ok: false; reason: ConnectRefusal | 'unavailable' };

async function connect(
	services: Services,
	identity: string,
	callId: string,
	parentCallId: string
): Promise<Connected> {
	const person = await findPerson(services, identity);
	if (!person) return { ok: false, reason: 'not_yours' };
	if (!isUuid(callId)) return { ok: false, reason: 'unknown_call' };
	try {
		const result = await services.lane.submit({
			kind: 'connect_browser',
			callId,
			userId: person.id,
			organizationId: person.organizationId,
			parentCallId
		});
		return result.kind === 'connected'
			? { ok: true, call: result.call }
			: { ok: false, reason: result.reason };
	} catch (error) {
		if (error instanceof LaneUnavailable) return { ok: false, reason: 'unavailable' };
		throw error;
	}
}

/** The person at the browser, unless their account was closed since the token was given. */
async function findPerson(services: Services, identity: string) {
	const userId = userIdOf(identity);
	if (userId === null) return null;
	const [person] = await services.database.db
		.select({
			id: users.id,
			organizationId: users.organizationId,
			disabledAt: users.disabledAt
		})
		.from(users)
		.where(eq(users.id, userId));
	return person && person.disabledAt === null ? person : null;
}

async function readPolicy(services: Services, organizationId: number) {
	const [policy] = await services.database.db
		.select({
			isRecorded: organizations.recordsCalls,
			detectsMachine: organizations.detectsMachines
		})
		.from(organizations)
		.where(eq(organizations.id, organizationId));
	return policy ?? { isRecorded: false, detectsMachine: false };
}

function sentenceFor(reason: ConnectRefusal | 'unavailable'): string {
	switch (reason) {
		case 'unknown_call':
		case 'not_yours':
		case 'already_connected':
		case 'too_late':
			return TRY_AGAIN;
		case 'ended':
			return 'This call has already ended.';
		case 'organization_inactive':
			return 'This call cannot be put through. Your organization is switched off.';
		case 'calling_paused':
			return 'This call cannot be put through. Calling is paused for your organization.';
		case 'unavailable':
			return 'This call cannot be put through right now. Please try again in a moment.';
		default:
			return assertNever(reason);
	}
}

function say(sentence: string): WebhookAnswer {
	return twiml(refusalTwiml(sentence));
}

function twiml(body: string): WebhookAnswer {
	return { status: 200, body, contentType: 'text/xml' };
}
