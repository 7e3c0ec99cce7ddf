import { afterCall } from '$lib/domain/campaigns/attempts';
import type { Obstacle } from '$lib/domain/campaigns/step';
import type { CampaignRow } from './campaign-rows';
import type { LeadChanges } from './lead-changes';
import type { CallingRow } from './lead-rows';

/**
 * Enters how calls ended into their leads.
 * @returns the fault of the provider that kept one of them from being placed, if any
 */
export function collectEnded(
	campaign: CampaignRow,
	calling: CallingRow[],
	changes: LeadChanges,
	nowMs: number
): Obstacle | null {
	let fault: Obstacle | null = null;
	for (const lead of calling) {
		const { call } = lead;
		if (call === null || !call.hasEnded) continue;
		const after = afterCall(call, lead.attempts + 1, campaign, nowMs);
		changes.end({ ...lead, call }, after);
		if (after.isProviderFault) fault = { cause: 'provider', reason: faultWords(call.endReason) };
	}
	return fault;
}

const FAULTS: Record<string, string> = {
	provider_credentials: 'The phone provider refused our credentials: tell your administrator.',
	provider_balance: 'The account at the phone provider is out of credit: tell your administrator.',
	provider_out_of_credit:
		'The account at the phone provider is out of credit: tell your administrator.',
	provider_account_inactive:
		'The account at the phone provider is not active: tell your administrator.',
	caller_id_refused: 'The phone provider refuses the number we call from: tell your administrator.',
	no_agent_phone:
		'No phone is entered for the agent who is rung first: ask your administrator to enter it.'
};

function faultWords(endReason: string | null): string {
	const reason = endReason?.split(': ')[0] ?? '';
	return FAULTS[reason] ?? 'The phone provider places no calls right now.';
}
