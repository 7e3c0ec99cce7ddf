/** The books of the pure core: the state of its last decision, and the rows it appended. */
import { newGuard } from '../../src/lib/domain/fraud/guard';
import { NO_REFILL } from '../../src/lib/domain/payments/auto-refill';
import type { Call } from '$lib/domain/call/call';
import type { Debt } from '$lib/domain/credit/types';
import type { AppendedRows, Consumption, LaneState, Organization } from '$lib/domain/lane/state';
import type { Books } from './books';
import type { OrganizationSettings } from './organizations';

export interface PureRows {
	usage: AppendedRows['usage'];
	transactions: AppendedRows['transactions'];
	history: AppendedRows['history'];
	heard: AppendedRows['statusEvents'];
	consumptions: Consumption[];
	debts: Map<string, Debt>;
}

export function emptyRows(): PureRows {
	return {
		usage: [],
		transactions: [],
		history: [],
		heard: [],
		consumptions: [],
		debts: new Map()
	};
}

export function emptyState(): LaneState {
	return {
		organizations: new Map(),
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

export function organizationOf(id: number, settings: OrganizationSettings): Organization {
	return {
		id,
		name: `Tenant ${id}`,
		timezone: settings.timezone,
		isActive: true,
		estimateMinutes: settings.estimateMinutes,
		deactivationPolicy: 'block_new',
		guard: { ...newGuard('US', 0), countries: ['US', 'IN'] },
		liveCalls: 0,
		liveSeq: 0,
		autoRefill: NO_REFILL,
		freezesOnDispute: false,
		credit: {
			totalMinutes: 0,
			usedMinutes: 0,
			heldMinutes: 0,
			debtMinutes: 0,
			lots: [],
			balanceMicros: 0n,
			heldMicros: 0n,
			debtMicros: 0n,
			overdraftHeldMinutes: 0,
			overdraftHeldMicros: 0n,
			overdraftLimitMinutes: settings.overdraftMinutes,
			overdraftLimitMicros: settings.overdraftMicros,
			mode: settings.mode
		}
	};
}

export function pureBooksOf(
	{ id, credit, liveCalls, isActive }: Organization,
	state: LaneState,
	rows: PureRows,
	calls: ReadonlyMap<string, Call>
): Books {
	const isOwn = (row: { organizationId: number }) => row.organizationId === id;
	return {
		credit: { ...credit, liveCalls, isActive },
		lots: credit.lots
			.filter(({ remainingMinutes }) => remainingMinutes !== 0)
			.map((lot) => ({ id: lot.id, remaining: lot.remainingMinutes, held: lot.heldMinutes })),
		calls: [...calls.values()].filter(isOwn).map((call) => ({ ...call, sid: call.providerCallId })),
		holds: [...state.openHolds.values()].filter(isOwn),
		debts: [...rows.debts.values()].map((debt) => ({ ...debt, callId: debt.callId ?? debt.id })),
		usage: rows.usage.map((row) => ({ ...row, minutes: row.minutesConsumed })),
		transactions: rows.transactions.map((row) => ({
			...row,
			beforeMicros: row.balanceBeforeMicros,
			afterMicros: row.balanceAfterMicros
		})),
		history: rows.history.map((row) => ({ ...row, allocationId: row.allocationId ?? '' })),
		heard: rows.heard.flatMap(({ callId, deliveryId }) =>
			deliveryId === null ? [] : [{ callId, deliveryId }]
		),
		consumptions: rows.consumptions,
		days: [...state.days.values()].filter(isOwn)
	};
}
