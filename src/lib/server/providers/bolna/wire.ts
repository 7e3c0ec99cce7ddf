/**
 * What Bolna writes (PROVIDERS.md 3.3): the execution is at once webhook body, answer to GET and row of a
 * listing. The same fact comes as text or number, and fields come and go. Nothing is refused here: every
 * field is read as text, and read.ts decides what it means.
 */
import { z } from 'zod';
import { anyText, toObject } from '../wire-text';

/** An object inside the execution; anything else is read as an empty one. */
const part = <Shape extends z.ZodRawShape>(shape: Shape) => {
	const fields = z.looseObject(shape);
	return z
		.unknown()
		.transform((value) => fields.parse(toObject(value)))
		.optional();
};

export const Execution = z.looseObject({
	id: anyText,
	status: anyText,
	error_message: anyText,
	conversation_duration: anyText,
	/** Its older name. */
	conversation_time: anyText,
	total_cost: anyText,
	created_at: anyText,
	updated_at: anyText,
	answered_by_voice_mail: anyText,
	transcript: anyText,
	summary: anyText,
	user_number: anyText,
	retry_count: anyText,
	telephony_data: part({
		to_number: anyText,
		recording_url: anyText,
		hangup_reason: anyText
	}),
	context_details: part({
		recipient_data: z.unknown().transform(toObject).optional()
	})
});
export type Execution = z.infer<typeof Execution>;

/** A page of executions. */
export const ExecutionPage = z.looseObject({
	has_more: z.unknown().transform((value) => value === true),
	data: z.array(z.unknown())
});

/** Every field an execution is known to have at its top. */
export const EXECUTION_FIELDS = new Set([
	'id',
	'agent_id',
	'batch_id',
	'status',
	'error_message',
	'conversation_duration',
	'conversation_time',
	'total_cost',
	'cost_breakdown',
	'usage_breakdown',
	'telephony_data',
	'user_number',
	'agent_number',
	'initiated_at',
	'created_at',
	'updated_at',
	'scheduled_at',
	'rescheduled_at',
	'smart_status',
	'provider',
	'campaign_id',
	'latency_data',
	'summary',
	'custom_extractions',
	'agent_extraction',
	'extracted_data',
	'workflow_retries',
	'answered_by_voice_mail',
	'transcript',
	'context_details',
	'transfer_call_data',
	'batch_run_details',
	'termination_reason',
	'retry_config',
	'retry_count',
	'retry_history',
	'deleted',
	'user_data',
	'org_id',
	'user_id'
]);
