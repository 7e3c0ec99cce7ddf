import type { CallEvent, Provider } from '$lib/domain/call/event';
import { readCallResource } from '$lib/server/providers/twilio/read';
import type {
	CallFinding,
	CallQuestion,
	Capabilities,
	CreateCallOutcome,
	CreateCallRequest,
	ProviderAdapter,
	ProviderBillRow,
	RecordingSource
} from '$lib/server/providers/types';
import { FROM_NUMBER, newSid } from './house';

/** A provider for tests that are not about one: it keeps what it is asked and says what it was told. */
export class RecordingProvider implements ProviderAdapter {
	readonly capabilities: Capabilities = {
		canHangUp: true,
		canExtend: true,
		signsWebhooks: true,
		finalEvent: 'completed',
		costDelaySeconds: 60,
		timeLimitMaxSeconds: 14_400,
		needsAgentPhone: false,
		callsPerSecond: 1_000,
		fixedCallSeconds: null
	};
	readonly recordingSource: RecordingSource = { hosts: [], authorization: null };
	/** What its bill says. */
	readonly bill: ProviderBillRow[] = [];
	readonly created: CreateCallRequest[] = [];
	readonly hungUp: string[] = [];
	readonly timeLimits = new Map<string, number>();
	/** Ids of our calls, once for each question. */
	readonly asked: string[] = [];
	/** What is true of a call, by our id; without an entry it never existed. */
	readonly truths = new Map<string, CallFinding>();
	/** What it answers when it is asked to place a call. */
	answer: (request: CreateCallRequest) => CreateCallOutcome | Promise<CreateCallOutcome> = () => ({
		kind: 'accepted',
		providerCallId: newSid()
	});

	constructor(
		readonly name: Provider = 'twilio',
		readonly fromNumber = FROM_NUMBER
	) {}

	async createCall(request: CreateCallRequest): Promise<CreateCallOutcome> {
		this.created.push(request);
		return this.answer(request);
	}

	async findCall({ callId: named }: CallQuestion): Promise<CallFinding> {
		const callId = named ?? '';
		this.asked.push(callId);
		return this.truths.get(callId) ?? { kind: 'never_existed' };
	}

	async setTimeLimit(providerCallId: string, timeLimitSeconds: number): Promise<void> {
		this.timeLimits.set(providerCallId, timeLimitSeconds);
	}

	async hangUp(providerCallId: string): Promise<void> {
		this.hungUp.push(providerCallId);
	}

	async *listBill(): AsyncIterable<ProviderBillRow> {
		yield* this.bill;
	}

	/** What Twilio's REST would say of a call. */
	eventOf(sid: string, callId: string, status: string, seconds: number | null): CallFinding {
		const duration = seconds === null ? null : String(seconds);
		const event: CallEvent = readCallResource(
			{ sid, status, duration, endTime: null, price: null, priceUnit: null },
			callId
		);
		return { kind: 'event', event };
	}
}
