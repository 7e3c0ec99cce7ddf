/** Why a create was refused, where every provider would refuse it too: the number itself is at fault. */
const NUMBERS_FAULTS = new Set(['invalid_number', 'number_blocked', 'do_not_call']);
/** Where the provider itself is unusable for everybody, though it answers. */
const PROVIDERS_FAULTS = new Set([
	'provider_credentials',
	'provider_balance',
	'provider_account_inactive'
]);

/** Why a call that waited for its turn was not dialled: its organisation may not call any more. */
export const STOPPED_WAITING: readonly string[] = ['organization_inactive', 'calling_paused'];

/** Whether another provider may succeed where one refused. A refusal proves that nothing was placed. */
export function mayAnotherSucceed(endReason: string): boolean {
	return !NUMBERS_FAULTS.has(endReason) && !STOPPED_WAITING.includes(endReason);
}

/** Whether a refusal says that no call at all gets through this provider now. */
export function isProviderUnusable(endReason: string): boolean {
	return PROVIDERS_FAULTS.has(endReason);
}
