/**
 * The read set: everything a batch may look at, read under the organisations' locks. Locks are taken in
 * one order (organisation id, then call id), so batches of several processes never wait in a circle.
 */
import type { DeliveryState } from '$lib/domain/lane/commands';
import {
	dayKey,
	budgetUseKey,
	organizationKey,
	providerCallKey,
	rememberBudget,
	rememberCall,
	type LaneState,
	type Organization
} from '$lib/domain/lane/state';
import type { PreparedTransaction, Statement } from '../db/prepared';
import type { Naming } from './lookup';
import { aroundOf, foresee, includes, readAround } from './read/around';
import { addNewBudgets } from './read/budgets';
import { nameAll } from './read/named';
import { lockOrganizations, rows } from './read/organizations';
import { toArray, toParameters, type Way } from './read/parameters';
import {
	ALLOCATIONS,
	aroundNewCalls,
	CAMPAIGNS,
	callsQuery,
	CONSUMPTIONS,
	DEBTS,
	DELIVERIES,
	PAYMENTS,
	REFILLS,
	TRANSACTIONS,
	UNMATCHED
} from './read/queries';
import { readPaymentRow, readRefillRow } from './payment-rows';
import { readCallRow, readDayRow, readDebtRow, readHoldRow, readLotRow } from './rows';

export interface ReadSet {
	state: LaneState;
	/** Deliveries of the batch that were applied before, `provider:dedupeKey`. */
	knownDeliveries: Map<string, KnownDelivery>;
}

export interface KnownDelivery {
	id: string;
	callId: string | null;
	state: DeliveryState;
}

/** Thrown when what was named changed between naming and locking: the batch runs again. */
export class ReadSetMoved extends Error {}

export async function readState(
	tx: PreparedTransaction,
	commands: Naming[],
	nowMs: number
): Promise<ReadSet> {
	const named = nameAll(commands);
	const parameters = toParameters(named);
	const foreseen = foresee(named, nowMs);
	const ask = (isNamed: boolean, statement: Statement) =>
		isNamed ? rows(tx, statement, parameters) : [];
	// Sent behind the locks in one go: each statement sees what was committed before it began.
	const [
		{ organizations, refillingIds },
		namedCallRows,
		unmatchedRows,
		allocationRows,
		deliveryRows,
		transactionRows,
		consumptionRows,
		paymentRows,
		campaignRows,
		readAhead
	] = await Promise.all([
		lockOrganizations(tx, named, parameters),
		foreseen ? [] : rows(tx, callsQuery(named, WAYS), parameters),
		ask(named.boundIds.length > 0, UNMATCHED),
		ask(named.allocationIds.length > 0, ALLOCATIONS),
		ask(named.dedupeKeys.length > 0, DELIVERIES),
		ask(named.transactionIds.length > 0, TRANSACTIONS),
		ask(named.consumptions.length > 0, CONSUMPTIONS),
		ask(named.paymentIds.length > 0, PAYMENTS),
		ask(named.campaignIds.length > 0, CAMPAIGNS),
		foreseen && readAround(tx, foreseen, parameters, aroundNewCalls(named, WAYS))
	]);
	// Calls that are to be placed are hardly ever there already: only then are they read.
	const hasMetCalls = readAhead !== null && readAhead.callIds.length > 0;
	const callRows = hasMetCalls
		? await rows(tx, callsQuery(named, WAYS), parameters)
		: namedCallRows;
	const calls = callRows.map(readCallRow);
	const around = aroundOf(named, organizations, calls, nowMs);
	const locked = {
		...parameters,
		lockedIds: toArray(organizations.keys()),
		refillingIds: toArray(refillingIds)
	};
	const isForeseen = foreseen && readAhead && includes(foreseen, around);
	const [{ lotRows, dayRows, ...known }, debtRows, refillRows] = await Promise.all([
		isForeseen ? readAhead : readAround(tx, around, parameters),
		hasDebts(organizations) ? rows(tx, DEBTS, locked) : [],
		refillingIds.length > 0 ? rows(tx, REFILLS, locked) : []
	]);
	const budgets = await addNewBudgets(tx, known.budgets, named, organizations, nowMs);

	const state = emptyState(organizations);
	const newIds = new Set(named.newCallIds);
	for (const [index, call] of calls.entries()) {
		const isLocked = organizations.has(call.organizationId);
		// Of an organisation that nobody named is only a call whose id was taken for a new one.
		if (!isLocked && !newIds.has(call.id)) throw new ReadSetMoved();
		rememberCall(state, call);
		const hold = isLocked ? readHoldRow(callRows[index], call) : null;
		if (hold) state.openHolds.set(call.id, hold);
	}
	for (const row of lotRows)
		organizations.get(row.organization_id)?.credit.lots.push(readLotRow(row));
	for (const row of debtRows) {
		const debt = readDebtRow(row);
		state.openDebts.set(debt.organizationId, [
			...(state.openDebts.get(debt.organizationId) ?? []),
			debt
		]);
	}
	for (const row of unmatchedRows) {
		const key = providerCallKey(row.provider, row.provider_call_id);
		const waiting = { id: row.id, event: row.event, receivedAtMs: Number(row.received_at_ms) };
		state.unmatched.set(key, [...(state.unmatched.get(key) ?? []), waiting]);
	}
	for (const row of allocationRows) state.allocationOwners.set(row.id, row.organization_id);
	for (const row of transactionRows) state.transactionOwners.set(row.id, row.organization_id);
	for (const row of consumptionRows) {
		state.consumptions.set(organizationKey(row.organization_id, row.call_id), {
			organizationId: row.organization_id,
			externalCallId: row.call_id,
			minutes: row.minutes,
			shortMinutes: row.short_minutes
		});
	}
	for (const budget of budgets.budgets) rememberBudget(state, budget);
	for (const use of budgets.uses) {
		state.budgetUses.set(budgetUseKey(use.budgetId, use.periodStart), use);
	}
	for (const row of refillRows) {
		const organization = organizations.get(row.organization_id);
		if (organization) organization.autoRefill = readRefillRow(organization.autoRefill, row);
	}
	for (const row of paymentRows) state.payments.set(row.id, readPaymentRow(row));
	for (const row of campaignRows) state.campaignStatuses.set(row.id, row.status);
	for (const row of dayRows) {
		const day = readDayRow(row);
		state.days.set(dayKey(day.organizationId, day.day, day.country), day);
	}
	return {
		state,
		knownDeliveries: new Map(
			deliveryRows.map((row) => [
				`${row.provider}:${row.dedupe_key}`,
				{ id: row.id, callId: row.call_id, state: row.state }
			])
		)
	};
}

const WAYS: readonly Way[] = [
	'callIds',
	'newCallIds',
	'providerCalls',
	'parentCalls',
	'idempotencyKeys',
	'numbers'
];

/** The totals stand on the organisations, which are locked: without any there is no open debt. */
function hasDebts(organizations: Map<number, Organization>): boolean {
	return [...organizations.values()].some(
		({ credit }) => credit.debtMinutes > 0 || credit.debtMicros > 0n
	);
}

function emptyState(organizations: Map<number, Organization>): LaneState {
	return {
		organizations,
		calls: new Map(),
		openHolds: new Map(),
		openDebts: new Map(),
		days: new Map(),
		callIdByProviderCall: new Map(),
		callIdByIdempotencyKey: new Map(),
		liveCallIdByNumber: new Map(),
		unmatched: new Map(),
		allocationOwners: new Map(),
		transactionOwners: new Map(),
		consumptions: new Map(),
		budgets: new Map(),
		budgetUses: new Map(),
		payments: new Map(),
		campaignStatuses: new Map()
	};
}
