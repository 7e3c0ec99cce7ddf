import { CALL_EVENTS, isAddress, type CallbackTarget, type CallParameters } from './parameters';
import type { TwimlElement } from './twiml';
import { isLoopbackHost } from '../loopback';

const USUAL_TIMEOUT_SECONDS = 30;
const USUAL_TIME_LIMIT_SECONDS = 14_400;
/** Twilio lets every Dial ring five seconds longer than asked. */
const RING_BUFFER_SECONDS = 5;

export interface DialOrder {
	answerOnBridge: boolean;
	action: CallbackTarget | null;
	/** The leg to dial, or the error that forbids it. */
	leg: CallParameters | { errorCode: number };
}

function targetOf(
	url: string | undefined,
	method: string | undefined,
	baseUrl: string
): CallbackTarget | null {
	if (url === undefined || url === '' || !URL.canParse(url, baseUrl)) return null;
	const absolute = new URL(url, baseUrl);
	if (!isLoopbackHost(absolute.hostname)) return null;
	return { url: absolute.href, method: method?.toUpperCase() === 'GET' ? 'GET' : 'POST' };
}

function wholeOr(text: string | undefined, usual: number): number {
	return text !== undefined && /^\d+$/.test(text) ? Number(text) : usual;
}

/** Reads `<Dial><Number>` (PROVIDERS.md 1.8); relative URLs are those of the document. */
export function readDial(dial: TwimlElement, documentUrl: string): DialOrder {
	const noun = dial.children.find(({ name }) => name === 'Number' || name === 'Client');
	const outer = dial.attributes;
	const inner = noun?.attributes ?? {};
	const number = (noun?.text ?? dial.text).trim();
	const to = noun?.name === 'Client' ? `client:${number}` : number;
	const order = {
		answerOnBridge: outer.answerOnBridge === 'true',
		action: targetOf(outer.action, outer.method, documentUrl)
	};
	const from = outer.callerId ?? '';
	if (!isAddress(from)) return { ...order, leg: { errorCode: 13_214 } };
	if (!isAddress(to)) return { ...order, leg: { errorCode: 13_224 } };
	// In TwiML the list of events is space-separated, unlike REST.
	const wanted = (inner.statusCallbackEvent ?? 'completed').split(/\s+/);
	const events = CALL_EVENTS.filter((event) => wanted.includes(event));
	const record = outer.record ?? 'do-not-record';
	return {
		...order,
		leg: {
			to,
			from,
			statusCallback: targetOf(inner.statusCallback, inner.statusCallbackMethod, documentUrl),
			events: new Set(events.length === 0 ? ['completed'] : events),
			timeoutSeconds: wholeOr(outer.timeout, USUAL_TIMEOUT_SECONDS) + RING_BUFFER_SECONDS,
			timeLimitSeconds: wholeOr(outer.timeLimit, USUAL_TIME_LIMIT_SECONDS),
			isRecorded: record !== 'do-not-record' && record !== 'false',
			recordingChannels: record.endsWith('-dual') ? 2 : 1,
			recordingCallback: targetOf(
				outer.recordingStatusCallback,
				outer.recordingStatusCallbackMethod,
				documentUrl
			),
			detectsMachine: inner.machineDetection !== undefined,
			waitsForMessageEnd: inner.machineDetection === 'DetectMessageEnd',
			machineCallback: targetOf(inner.amdStatusCallback, inner.amdStatusCallbackMethod, documentUrl)
		}
	};
}
