import type { ListCallsInput } from '$lib/inputs';

/** The filters of an export as its head says them: `status = failed, country = IN`. */
export function filterText(input: ListCallsInput): string {
	const { status, endReason, provider, userId, country, day, weekday, hour, search } = input;
	const named = {
		status,
		end_reason: endReason,
		provider,
		user_id: userId,
		country,
		day,
		weekday,
		hour,
		search
	};
	return Object.entries(named)
		.filter(([, value]) => value !== undefined && value !== '')
		.map(([name, value]) => `${name} = ${value}`)
		.join(', ');
}
