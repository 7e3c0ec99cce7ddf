/** What Twilio says became of a call, when it is asked (PROVIDERS.md 1.2, 1.4). */
import twilio from 'twilio';
import type { CallFinding, CallQuestion } from '../types';
import { readCallResource } from './read';

/** A create whose answer was lost shows up in the list within this time, or never was. */
const LISTING_DELAY_MS = 60_000;
/** A browser that has not connected by now never will: we refuse it long before. */
const CONNECT_DELAY_MS = 75_000;
/** After a browser's leg has ended, the lead's leg is listed within this time, or never was dialled. */
const CHILD_DELAY_MS = 15_000;

/** Asks about a call by the best name there is. Trouble is an answer too: nobody knows yet. */
export async function findCall(
	client: twilio.Twilio,
	question: CallQuestion
): Promise<CallFinding> {
	try {
		if (question.providerCallId !== null) {
			return await findById(client, question.providerCallId, question.callId);
		}
		if (question.browser) return await findByBrowserLeg(client, question, question.browser);
		return await findByListing(client, question);
	} catch (error) {
		return { kind: 'no_answer', error: error instanceof Error ? error.message : String(error) };
	}
}

async function findById(
	client: twilio.Twilio,
	providerCallId: string,
	callId: string | null
): Promise<CallFinding> {
	const call = await fetchCall(client, providerCallId);
	if (call === null) return { kind: 'never_existed' };
	return { kind: 'event', event: readCallResource(call, callId) };
}

async function fetchCall(client: twilio.Twilio, sid: string) {
	try {
		return await client.calls(sid).fetch();
	} catch (error) {
		if (error instanceof twilio.RestException && error.status === 404) return null;
		throw error;
	}
}

/**
 * The leg to the lead, by the leg of the browser. A browser that never connected has none: Twilio would
 * have asked us what to do, so there is nothing to look for.
 */
async function findByBrowserLeg(
	client: twilio.Twilio,
	question: CallQuestion,
	{ parentCallId }: { parentCallId: string | null }
): Promise<CallFinding> {
	if (parentCallId === null) {
		const isLate = question.nowMs - question.initiatedAtMs > CONNECT_DELAY_MS;
		return isLate
			? { kind: 'never_existed' }
			: { kind: 'no_answer', error: 'The browser has not connected yet.' };
	}
	const [child] = await client.calls.list({ parentCallSid: parentCallId, limit: 1 });
	if (child) return { kind: 'event', event: readCallResource(child, question.callId) };
	const parent = await fetchCall(client, parentCallId);
	const endedAtMs = parent?.endTime?.getTime() ?? null;
	if (parent !== null && endedAtMs === null) {
		return { kind: 'no_answer', error: 'The lead has not been dialled yet.' };
	}
	const sinceMs = question.nowMs - (endedAtMs ?? question.initiatedAtMs + LISTING_DELAY_MS);
	return sinceMs > CHILD_DELAY_MS
		? { kind: 'never_dialled' }
		: { kind: 'no_answer', error: 'Not listed yet.' };
}

/** Finds a call whose create was never answered: same numbers, created within two minutes of ours. */
async function findByListing(client: twilio.Twilio, question: CallQuestion): Promise<CallFinding> {
	const calls = await client.calls.list({ to: question.to, from: question.from, limit: 50 });
	const near = calls.find((call) => {
		if (call.parentCallSid || question.takenProviderCallIds.includes(call.sid)) return false;
		const createdAtMs = (call.dateCreated ?? call.startTime)?.getTime() ?? NaN;
		const apartMs = createdAtMs - question.initiatedAtMs;
		return apartMs > -5_000 && apartMs < 120_000;
	});
	if (near) return { kind: 'event', event: readCallResource(near, question.callId) };
	if (question.nowMs - question.initiatedAtMs < LISTING_DELAY_MS) {
		return { kind: 'no_answer', error: 'Not listed yet.' };
	}
	return { kind: 'never_existed' };
}
