import { assertNever } from '../assert-never';
import type { Command, Result } from './commands';
import { closeSubmit } from './close-submit';
import { applyDelivery, bindProviderCall } from './events';
import { applySweep } from './sweep';
import { allocate, withdrawAllocation } from './allocations';
import { removeBudget, setBudget } from './budgets';
import { tellCampaign } from './campaigns';
import { connectBrowser } from './browser';
import { changeProvider } from './change-provider';
import { consume } from './consume';
import { linkContact } from './link-contact';
import { recordCost } from './costs';
import { moveMoney } from './money';
import { setRemaining } from './set-remaining';
import { setActive } from './switch';
import { releaseGuard } from './guard';
import { meterCall } from './meter';
import { bookMoneyBack, bookPayment, notePayment, openPayment } from './payments';
import { placeCall } from './place';
import { changeRefill, failCharge, stepAutoRefill } from './refill';
import type { Changes, LaneState } from './state';

/**
 * The whole business in one function: what a command does to the state it was read with. Pure: no
 * clock, no randomness, no I/O; the state passed in is not changed.
 * @param nowMs the moment of the decision, milliseconds since 1970 UTC
 */
export function decide(
	state: LaneState,
	command: Command,
	nowMs: number
): { result: Result; changes: Changes } {
	switch (command.kind) {
		case 'place_call':
			return placeCall(state, command, nowMs);
		case 'bind_provider_call':
			return bindProviderCall(state, command, nowMs);
		case 'connect_browser':
			return connectBrowser(state, command, nowMs);
		case 'close_submit':
			return closeSubmit(state, command, nowMs);
		case 'apply_delivery':
			return applyDelivery(state, command, nowMs);
		case 'apply_sweep':
			return applySweep(state, command, nowMs);
		case 'record_cost':
			return recordCost(state, command, nowMs);
		case 'change_provider':
			return changeProvider(state, command, nowMs);
		case 'link_contact':
			return linkContact(state, command);
		case 'allocate':
			return allocate(state, command, nowMs);
		case 'set_remaining':
			return setRemaining(state, command, nowMs);
		case 'withdraw_allocation':
			return withdrawAllocation(state, command, nowMs);
		case 'move_money':
			return moveMoney(state, command, nowMs);
		case 'consume':
			return consume(state, command, nowMs);
		case 'meter_call':
			return meterCall(state, command, nowMs);
		case 'set_active':
			return setActive(state, command, nowMs);
		case 'set_budget':
			return setBudget(state, command, nowMs);
		case 'remove_budget':
			return removeBudget(state, command, nowMs);
		case 'open_payment':
			return openPayment(state, command, nowMs);
		case 'note_payment':
			return notePayment(state, command);
		case 'book_payment':
			return bookPayment(state, command, nowMs);
		case 'book_money_back':
			return bookMoneyBack(state, command, nowMs);
		case 'step_refill':
			return stepAutoRefill(state, command, nowMs);
		case 'fail_charge':
			return failCharge(state, command, nowMs);
		case 'tell_campaign':
			return tellCampaign(state, command);
		case 'change_refill':
			return changeRefill(state, command, nowMs);
		case 'release_guard':
			return releaseGuard(state, command, nowMs);
		default:
			return assertNever(command);
	}
}
