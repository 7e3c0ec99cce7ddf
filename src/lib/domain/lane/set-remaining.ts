import { minutesOwed } from '../credit/debts';
import { burnOrder, spendableMinutes, spendableOf } from '../credit/funding';
import type { Lot } from '../credit/types';
import { allocate } from './allocations';
import type { SetRemaining } from './commands';
import { audited, historyOf } from './facts';
import type { Decision } from './place';
import type { AppendedRows, LaneState, Organization } from './state';

/**
 * Makes the minutes that can be promised now a given figure. What is missing is granted as a new lot,
 * after open debt was paid; what is too much is taken from the lots that would burn last. Minutes held by
 * live calls stay with them.
 */
export function setRemaining(
	state: LaneState,
	command: SetRemaining,
	nowMs: number
): Decision<'set_remaining'> {
	const organization = state.organizations.get(command.organizationId);
	if (!organization) return { result: { kind: 'unknown_organization' }, changes: {} };
	const owner = state.allocationOwners.get(command.allocationId);
	if (owner !== undefined && owner !== organization.id) {
		return { result: { kind: 'id_taken' }, changes: {} };
	}
	if (owner !== undefined) {
		return { result: { kind: 'set', grantedMinutes: 0, takenMinutes: 0 }, changes: {} };
	}
	const remaining = spendableMinutes(organization.credit, nowMs);
	const owed = (state.openDebts.get(organization.id) ?? []).reduce(
		(sum, debt) => sum + minutesOwed(debt, organization.credit.mode),
		0
	);
	const missing = command.remainingMinutes - remaining + owed;
	if (command.remainingMinutes > remaining) return grant(state, command, missing, nowMs);
	return take(organization, command, remaining, nowMs);
}

function grant(
	state: LaneState,
	command: SetRemaining,
	minutes: number,
	nowMs: number
): Decision<'set_remaining'> {
	const { allocationId, organizationId, reason, priority, expiresAtMs, actor } = command;
	const { changes } = allocate(
		state,
		{
			kind: 'allocate',
			allocationId,
			organizationId,
			minutes,
			reason,
			priority,
			expiresAtMs,
			actor
		},
		nowMs
	);
	return { result: { kind: 'set', grantedMinutes: minutes, takenMinutes: 0 }, changes };
}

function take(
	organization: Organization,
	command: SetRemaining,
	remaining: number,
	nowMs: number
): Decision<'set_remaining'> {
	const { credit } = organization;
	const takenMinutes = remaining - command.remainingMinutes;
	if (takenMinutes === 0) {
		return { result: { kind: 'set', grantedMinutes: 0, takenMinutes }, changes: {} };
	}
	const taken = takeFromLast(credit.lots, takenMinutes, nowMs);
	const lots = credit.lots.map((lot) => {
		const minutes = taken.get(lot.id) ?? 0;
		return minutes === 0 ? lot : { ...lot, remainingMinutes: lot.remainingMinutes - minutes };
	});
	const totalMinutes = credit.totalMinutes - takenMinutes;
	const history: AppendedRows['history'] = [...taken].map(([allocationId, minutes]) =>
		historyOf(command.actor, nowMs, {
			organizationId: organization.id,
			allocationId,
			kind: 'revoke',
			minutes,
			reason: command.reason,
			expiresAtMs: null
		})
	);
	const audit = audited(organization.id, command.actor, 'minutes.set', nowMs, {
		before: { totalMinutes: credit.totalMinutes, remainingMinutes: remaining },
		after: { totalMinutes, remainingMinutes: command.remainingMinutes, reason: command.reason }
	});
	return {
		result: { kind: 'set', grantedMinutes: 0, takenMinutes },
		changes: {
			organizations: [{ ...organization, credit: { ...credit, totalMinutes, lots } }],
			rows: { history, audit: [audit] }
		}
	};
}

/** How many minutes each lot gives, beginning with the one that would burn last. */
function takeFromLast(lots: Lot[], minutes: number, nowMs: number): Map<string, number> {
	const taken = new Map<string, number>();
	let left = minutes;
	for (const lot of [...lots].sort(burnOrder).reverse()) {
		const given = Math.min(left, spendableOf(lot, nowMs));
		if (given > 0) taken.set(lot.id, given);
		left -= given;
	}
	return taken;
}
