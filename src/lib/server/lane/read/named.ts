import { PROVIDERS } from '$lib/domain/call/event';
import { isUuid } from '$lib/domain/uuid';
import type { SetBudget } from '$lib/domain/lane/commands';
import type { Naming } from '../lookup';

/** What the commands of a batch name. */
export interface Named {
	organizationIds: number[];
	/** Of calls that should be there already. */
	callIds: string[];
	/** Of calls that are to be made: one that is there is a repeat, or was made by somebody else. */
	newCallIds: string[];
	providerCalls: { provider: string; id: string }[];
	/** The browser's legs of calls, as an integration may name them. */
	parentCalls: { provider: string; id: string }[];
	idempotencyKeys: { organizationId: number; key: string }[];
	numbers: { organizationId: number; to: string }[];
	allocationIds: string[];
	transactionIds: string[];
	consumptions: { organizationId: number; callId: string }[];
	boundIds: { callId: string; id: string }[];
	dedupeKeys: { provider: string; key: string }[];
	/** People and campaigns whose budgets are asked. */
	subjectIds: string[];
	budgetIds: string[];
	/** Budgets that are being set, to be counted if they are new. */
	newBudgets: SetBudget[];
	paymentIds: string[];
	campaignIds: string[];
}

export function nameAll(commands: Naming[]): Named {
	const named: Named = {
		organizationIds: [],
		callIds: [],
		newCallIds: [],
		providerCalls: [],
		parentCalls: [],
		idempotencyKeys: [],
		numbers: [],
		allocationIds: [],
		transactionIds: [],
		consumptions: [],
		boundIds: [],
		dedupeKeys: [],
		subjectIds: [],
		budgetIds: [],
		newBudgets: [],
		paymentIds: [],
		campaignIds: []
	};
	for (const command of commands) nameOne(named, command);
	return named;
}

function nameOne(named: Named, command: Naming): void {
	switch (command.kind) {
		case 'place_call': {
			const { organizationId, to } = command;
			named.organizationIds.push(organizationId);
			named.newCallIds.push(command.callId);
			named.numbers.push({ organizationId, to });
			if (command.user) named.subjectIds.push(command.user.id);
			if (command.campaignId !== null) {
				named.subjectIds.push(command.campaignId);
				named.campaignIds.push(command.campaignId);
			}
			if (command.idempotencyKey !== null) {
				named.idempotencyKeys.push({ organizationId, key: command.idempotencyKey });
			}
			return;
		}
		case 'bind_provider_call':
			named.boundIds.push({ callId: command.callId, id: command.providerCallId });
			named.providerCalls.push({ provider: command.provider, id: command.providerCallId });
			named.callIds.push(command.callId);
			return;
		case 'connect_browser':
		case 'close_submit':
			named.callIds.push(command.callId);
			return;
		case 'apply_sweep':
			named.callIds.push(command.callId);
			if (command.finding.kind === 'event') {
				const { provider, providerCallId } = command.finding.event;
				named.providerCalls.push({ provider, id: providerCallId });
			}
			return;
		case 'apply_delivery': {
			const { event } = command;
			named.providerCalls.push({ provider: event.provider, id: event.providerCallId });
			if (event.callId !== null) named.callIds.push(event.callId);
			named.dedupeKeys.push({ provider: event.provider, key: command.dedupeKey });
			return;
		}
		case 'allocate':
		case 'set_remaining':
			named.allocationIds.push(command.allocationId);
			named.organizationIds.push(command.organizationId);
			return;
		case 'move_money':
			named.transactionIds.push(command.transactionId);
			named.organizationIds.push(command.organizationId);
			return;
		case 'consume':
			named.consumptions.push({
				organizationId: command.organizationId,
				callId: command.externalCallId
			});
			named.organizationIds.push(command.organizationId);
			nameOwnCall(named, command.externalCallId);
			return;
		case 'record_cost':
		case 'change_provider':
		case 'link_contact':
		case 'meter_call':
			named.callIds.push(command.callId);
			return;
		case 'set_budget':
			named.subjectIds.push(command.subjectId);
			named.newBudgets.push(command);
			named.organizationIds.push(command.organizationId);
			return;
		case 'remove_budget':
			named.budgetIds.push(command.budgetId);
			named.organizationIds.push(command.organizationId);
			return;
		case 'open_payment':
		case 'note_payment':
		case 'book_payment':
		case 'book_money_back':
		case 'step_refill':
		case 'fail_charge':
			named.paymentIds.push(command.paymentId);
			named.organizationIds.push(command.organizationId);
			return;
		case 'change_refill':
		case 'tell_campaign':
		case 'withdraw_allocation':
		case 'set_active':
		case 'release_guard':
			named.organizationIds.push(command.organizationId);
			return;
	}
}

/** What an integration calls a call of its own may be one of ours, under our id or the provider's. */
function nameOwnCall(named: Named, id: string): void {
	if (isUuid(id.toLowerCase())) named.callIds.push(id);
	const atProviders = PROVIDERS.map((provider) => ({ provider, id }));
	named.providerCalls.push(...atProviders);
	named.parentCalls.push(...atProviders);
}
