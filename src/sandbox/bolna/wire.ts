import type { BolnaCall } from './call';

/** Real conversations last a fraction less than telephony says: 24.2 and "24", 11.5 and "12". */
const FRACTION_SECONDS = 0.3;

/** `2025-11-19T08:48:27.193399`: UTC without saying so. */
export function toNaiveUtc(moment: Date): string {
	return `${moment.toISOString().slice(0, 23)}399`;
}

function toNaiveUtcOrNull(moment: Date | null): string | null {
	return moment === null ? null : toNaiveUtc(moment);
}

/** Float seconds of a talk; a talk of no length stays 0. */
export function conversationSeconds(call: BolnaCall): number {
	const seconds = call.talkSeconds ?? 0;
	return seconds === 0 ? 0 : Math.round((seconds - FRACTION_SECONDS) * 10) / 10;
}

function hasTalked(call: BolnaCall): boolean {
	return (call.talkSeconds ?? 0) > 0;
}

function isProcessed(call: BolnaCall): boolean {
	return call.status === 'completed';
}

function toCostBreakdown(totalCost: number): object {
	const platform = Math.round(totalCost * 0.56 * 1_000) / 1_000;
	const network = Math.round(totalCost * 0.11 * 1_000) / 1_000;
	const synthesizer = Math.round(totalCost * 0.31 * 1_000) / 1_000;
	const llm = Math.round(totalCost * 0.02 * 1_000) / 1_000;
	return {
		llm,
		network,
		platform,
		synthesizer,
		transcriber: 0,
		llm_breakdown: {
			hangup: 0,
			analytics: 0,
			extraction: 0,
			conversation: llm,
			summarization: 0
		},
		transfer_cost: 0,
		synthesizer_breakdown: { conversation: synthesizer, welcome_message: 0 },
		transcriber_breakdown: { analytics: 0, conversation: 0 }
	};
}

function toTelephony(call: BolnaCall, baseUrl: string): object {
	const seconds = call.talkSeconds ?? 0;
	return {
		// Captures show a string, the docs a number: every other call has the one or the other.
		duration: call.ordinal % 2 === 0 ? String(seconds) : seconds,
		to_number: call.order.to,
		from_number: call.order.from,
		recording_url:
			isProcessed(call) && hasTalked(call) ? `${baseUrl}/recordings/call/${call.id}` : null,
		hosted_telephony: true,
		provider_call_id: call.providerCallId,
		call_type: 'outbound',
		provider: 'plivo',
		hangup_by: call.hangUp?.by ?? null,
		hangup_reason: call.hangUp?.reason ?? null,
		hangup_provider_code: call.hangUp?.code ?? null
	};
}

const TRANSCRIPT =
	'assistant: Hello from Talktime\nuser:  hello\nassistant:  Hello! Is this a good time to talk?\nuser:  Yes, go on.\n';
const SUMMARY = 'The person answered, confirmed that it was a good time and agreed to a follow-up.';

/** An execution as webhook body and as GET answer (PROVIDERS.md 3.3). `keepsUserData` false: null. */
export function toExecution(
	call: BolnaCall,
	baseUrl: string,
	keepsUserData: boolean
): Record<string, unknown> {
	const isDone = isProcessed(call) && hasTalked(call);
	return {
		id: call.id,
		agent_id: call.order.agentId,
		batch_id: null,
		created_at: toNaiveUtc(call.createdAt),
		updated_at: toNaiveUtc(call.updatedAt),
		scheduled_at: toNaiveUtc(call.order.scheduledAt ?? call.createdAt),
		answered_by_voice_mail: call.answeredAtMs === null ? null : call.outcome.isMachine,
		conversation_duration: conversationSeconds(call),
		total_cost: call.totalCost ?? 0,
		transcript: hasTalked(call) ? TRANSCRIPT : null,
		usage_breakdown: isDone
			? {
					llmModel: { 'azure/gpt-4.1-mini': { input: 1_397, output: 23 } },
					llmTokens: 0,
					synthesizer_model: 'eleven_turbo_v2_5',
					transcriber_model: 'nova-3',
					synthesizer_provider: 'elevenlabs',
					transcriber_duration: 0,
					transcriber_provider: 'deepgram',
					synthesizer_characters: 111
				}
			: null,
		cost_breakdown: call.totalCost === null ? null : toCostBreakdown(call.totalCost),
		extracted_data: null,
		summary: isDone ? SUMMARY : null,
		error_message: call.status === 'error' ? 'The telephony provider refused the call.' : null,
		status: call.status,
		agent_extraction: null,
		workflow_retries: null,
		rescheduled_at: toNaiveUtcOrNull(call.rescheduledAt),
		custom_extractions: null,
		campaign_id: null,
		smart_status: null,
		user_number: call.order.to,
		agent_number: call.order.from,
		telephony_data: toTelephony(call, baseUrl),
		transfer_call_data: null,
		context_details: {
			recipient_data: keepsUserData ? call.order.userData : null,
			recipient_phone_number: call.order.to
		},
		batch_run_details: null,
		provider: 'plivo'
	};
}

const LISTED = [
	'id',
	'agent_id',
	'batch_id',
	'conversation_duration',
	'total_cost',
	'transcript',
	'created_at',
	'updated_at',
	'status',
	'answered_by_voice_mail',
	'telephony_data',
	'context_details'
];

/** A row of a list: a trimmed projection. */
export function toListedExecution(execution: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(LISTED.map((field) => [field, execution[field]]));
}
