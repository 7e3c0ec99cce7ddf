/**
 * The callbacks of one call as Twilio posts them, ready to be written to a socket: field names, order and
 * headers as in the recorded bodies (PROVIDERS.md 1.6), signed for the address the app is known by.
 */
import { signForm } from '../../support/callbacks';

export interface BenchCall {
	id: string;
	providerCallId: string;
	to: string;
	talkSeconds: number;
}

export interface Endpoint {
	port: number;
	/** The public address that signatures are made for. */
	origin: string;
	accountSid: string;
	authToken: string;
	fromNumber: string;
}

const STATUSES = ['initiated', 'ringing', 'in-progress', 'completed'];
export const CALLBACKS_PER_CALL = STATUSES.length;

/** The HTTP requests of one call, in the order they happen. */
export function toRequests(endpoint: Endpoint, call: BenchCall, nowMs: number): Buffer[] {
	return STATUSES.map((status, sequence) => toRequest(endpoint, call, status, sequence, nowMs));
}

function toRequest(
	endpoint: Endpoint,
	call: BenchCall,
	status: string,
	sequence: number,
	nowMs: number
): Buffer {
	const form = toForm(endpoint, call, status, sequence, nowMs);
	const pathAndQuery = `/api/twilio/status?call=${call.id}`;
	const signature = signForm(endpoint.authToken, `${endpoint.origin}${pathAndQuery}`, form);
	const body = new URLSearchParams(form).toString();
	const head = [
		`POST ${pathAndQuery} HTTP/1.1`,
		`Host: ${new URL(endpoint.origin).host}`,
		'User-Agent: TwilioProxy/1.1',
		'Accept: */*',
		'Connection: keep-alive',
		'Content-Type: application/x-www-form-urlencoded; charset=UTF-8',
		`Content-Length: ${Buffer.byteLength(body)}`,
		`I-Twilio-Idempotency-Token: ${call.id}-${sequence}`,
		`X-Twilio-Signature: ${signature}`
	];
	return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function toForm(
	endpoint: Endpoint,
	call: BenchCall,
	status: string,
	sequence: number,
	nowMs: number
): Record<string, string> {
	const isFinal = status === 'completed';
	const timestamp = new Date(nowMs + sequence * 1000).toUTCString().replace('GMT', '+0000');
	return {
		Called: call.to,
		ToState: 'WI',
		CallerCountry: 'US',
		Direction: 'outbound-api',
		Timestamp: timestamp,
		CallbackSource: 'call-progress-events',
		...(isFinal && { SipResponseCode: '200' }),
		CallerState: 'DC',
		ToZip: '54937',
		SequenceNumber: String(sequence),
		CallSid: call.providerCallId,
		To: call.to,
		CallerZip: '',
		ToCountry: 'US',
		CalledZip: '54937',
		ApiVersion: '2010-04-01',
		CalledCity: 'FOND DU LAC',
		CallStatus: status,
		...(isFinal && { Duration: String(Math.ceil(call.talkSeconds / 60)) }),
		From: endpoint.fromNumber,
		...(isFinal && { CallDuration: String(call.talkSeconds) }),
		AccountSid: endpoint.accountSid,
		CalledCountry: 'US',
		CallerCity: '',
		ToCity: 'FOND DU LAC',
		FromCountry: 'US',
		Caller: endpoint.fromNumber,
		FromCity: '',
		CalledState: 'WI',
		FromZip: '',
		FromState: 'DC'
	};
}
