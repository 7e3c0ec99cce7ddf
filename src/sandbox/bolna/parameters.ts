import type { CallOrder } from './call';
import { BolnaError } from './errors';

const LEAST_AHEAD_MS = 120_000;

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON object. Throws 400 when the body is none. */
export function readJson(rawBody: Buffer): Record<string, unknown> {
	try {
		const parsed: unknown = JSON.parse(rawBody.toString('utf8'));
		if (isRecord(parsed)) return parsed;
	} catch {
		// Told below, like any other body that is not an object.
	}
	throw new BolnaError(400, 'Request body must be a JSON object');
}

/** ISO 8601 with a numeric offset; a `Z` is a 500, as at Bolna (PROVIDERS.md 3.1). */
function readScheduledAt(value: unknown): Date | null {
	if (value === undefined || value === null) return null;
	const text = String(value);
	if (text.endsWith('Z')) throw new BolnaError(500, 'Internal server error');
	const moment = new Date(text);
	if (!/[+-]\d\d:?\d\d$/.test(text) || Number.isNaN(moment.getTime())) {
		throw new BolnaError(400, 'scheduled_at must be an ISO 8601 time with an offset');
	}
	if (moment.getTime() - Date.now() < LEAST_AHEAD_MS) {
		throw new BolnaError(400, 'Scheduled time should be atleast 2 minutes in the future');
	}
	return moment;
}

/** Reads POST /call (PROVIDERS.md 3.1). Throws BolnaError. */
export function readCallOrder(
	body: Record<string, unknown>,
	agentId: string,
	usualFrom: string
): CallOrder {
	const { agent_id, recipient_phone_number: to, from_phone_number: from, user_data } = body;
	if (typeof agent_id !== 'string' || agent_id === '')
		throw new BolnaError(400, 'agent_id is required');
	if (agent_id !== agentId) throw new BolnaError(404, 'Agent not found');
	if (typeof to !== 'string' || to === '') {
		throw new BolnaError(400, 'recipient_phone_number is required');
	}
	if (!/^\+[1-9]\d{6,14}$/.test(to))
		throw new BolnaError(400, 'recipient_phone_number must be E.164');
	return {
		agentId,
		to,
		from: typeof from === 'string' && from !== '' ? from : usualFrom,
		userData: isRecord(user_data) ? user_data : null,
		scheduledAt: readScheduledAt(body.scheduled_at)
	};
}
