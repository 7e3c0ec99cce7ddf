import type { Phone } from '$lib/state/phone.svelte';
import type { CallView } from '$lib/views';

/** Why this tab can neither mute nor send tones in a call; null when it can. */
export function soundReason(
	call: Pick<CallView, 'id' | 'device'>,
	phone: Pick<Phone, 'callId' | 'lastCallId' | 'state' | 'isInCall'>
): string | null {
	if (call.device === 'phone') return 'You talk on your phone: use its own keys.';
	if (phone.callId === call.id && phone.isInCall) return null;
	if (phone.lastCallId === call.id) return 'The call is ending.';
	if (phone.state === 'elsewhere') return 'The sound of this call is in another tab.';
	return 'The sound of this call is not in this tab any more. Hang up, then call again.';
}
