/** What Twilio is told to do with a call (PROVIDERS.md 1.8). */
import twilio from 'twilio';
import type { CreateCallRequest } from '../types';
import { urlsOf } from './urls';

/** Ring time we ask for; Twilio may add five seconds (PROVIDERS.md 1.1, Timeout). */
export const RING_TIMEOUT_SECONDS = 45;

/** Connects the answered lead with the agent's phone, or holds the line when there is none. */
export function conversationTwiml(request: CreateCallRequest): string {
	const response = new twilio.twiml.VoiceResponse();
	if (request.agentPhone === null) response.pause({ length: request.timeLimitSeconds });
	else {
		response.dial(
			{ callerId: request.from, answerOnBridge: true, timeLimit: request.timeLimitSeconds },
			request.agentPhone
		);
	}
	return response.toString();
}

/**
 * Puts a browser through to the lead. The status callbacks stand on the number, so they tell of the leg
 * that is billed; the browser hears the lead's phone ring until it is answered.
 */
export function browserTwiml(
	request: Omit<CreateCallRequest, 'agentPhone'>,
	origin: string
): string {
	const urls = urlsOf(origin, request.callId);
	const response = new twilio.twiml.VoiceResponse();
	const dial = response.dial({
		callerId: request.from,
		answerOnBridge: true,
		timeLimit: request.timeLimitSeconds,
		timeout: RING_TIMEOUT_SECONDS,
		action: urls.dialled,
		...(request.isRecorded && {
			record: 'record-from-answer-dual',
			recordingStatusCallback: urls.recording,
			recordingStatusCallbackEvent: ['completed', 'absent']
		})
	});
	dial.number(
		{
			statusCallback: urls.status,
			statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
			...(request.detectsMachine && {
				machineDetection: 'Enable',
				amdStatusCallback: urls.machine
			})
		},
		request.to
	);
	return response.toString();
}

/** An incoming call rings at a browser this long, then whoever calls is told that nobody takes it. */
const INCOMING_RING_SECONDS = 25;

/**
 * Rings at a person's browser. Asks `/api/twilio/voice` again when that is over.
 * @param timeLimitSeconds after which the provider ends the call: nobody else pays for it than we
 */
export function incomingTwiml(
	call: { identity: string; from: string; timeLimitSeconds: number },
	origin: string
): string {
	const response = new twilio.twiml.VoiceResponse();
	response
		.dial({
			callerId: call.from,
			answerOnBridge: true,
			timeLimit: call.timeLimitSeconds,
			timeout: INCOMING_RING_SECONDS,
			action: `${origin}/api/twilio/voice`
		})
		.client(call.identity);
	return response.toString();
}

/** Says why nothing is dialled, and hangs up. */
export function refusalTwiml(sentence: string): string {
	const response = new twilio.twiml.VoiceResponse();
	response.say(sentence);
	response.hangup();
	return response.toString();
}

/** Nothing more is to be done: the call ends. */
export function emptyTwiml(): string {
	return new twilio.twiml.VoiceResponse().toString();
}
