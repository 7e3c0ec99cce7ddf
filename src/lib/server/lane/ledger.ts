/**
 * Collects what the decisions of one batch change, so that each table is written once: the last state
 * of every row, the appended facts in order, and one live event per row that changed.
 */
import type { Call } from '$lib/domain/call/call';
import type { BudgetUse } from '$lib/domain/credit/budgets';
import type { CampaignProgress } from '$lib/domain/campaigns/told';
import type { Debt, Hold, Lot } from '$lib/domain/credit/types';
import { claimRefill } from '$lib/domain/payments/auto-refill';
import type { Payment } from '$lib/domain/payments/payment';
import {
	applyChanges,
	budgetUseKey,
	dayKey,
	joinRows,
	type AppendedRows,
	type BudgetChange,
	type Changes,
	type Consumption,
	type DayStats,
	type LaneState,
	type NewAllocation,
	type Organization
} from '$lib/domain/lane/state';
import { coveredUntilMs } from '$lib/domain/lane/slices';
import { localDay } from '$lib/domain/time-zone';
import type { LiveEvent } from '$lib/views';
import { toCallView, toCreditsView, toMetricsView, toMinutesView } from './views';

export class Ledger {
	readonly organizations = new Map<number, Organization>();
	readonly newCalls = new Map<string, Call>();
	readonly calls = new Map<string, Call>();
	readonly holds = new Map<string, Hold>();
	readonly debts = new Map<string, Debt>();
	readonly days = new Map<string, DayStats>();
	readonly newAllocations = new Map<string, NewAllocation>();
	readonly lots = new Map<string, Lot>();
	readonly budgets = new Map<string, BudgetChange>();
	readonly payments = new Map<string, Payment>();
	readonly events: LiveEvent[] = [];
	readonly consumptions: Consumption[] = [];
	rows: AppendedRows = joinRows({}, {});
	private readonly usesOfBudgets = new Map<string, BudgetUse>();
	private readonly lotsAsRead = new Map<string, Lot>();
	private readonly organizationsAsRead = new Map<number, Organization>();
	private readonly callsAsRead = new Map<string, Call>();
	private readonly holdsAsRead = new Map<string, Hold>();
	private readonly countedOrganizations = new Set<number>();
	private readonly toldCampaigns = new Map<string, CampaignProgress>();

	constructor(private readonly state: LaneState) {
		for (const organization of state.organizations.values()) {
			this.organizationsAsRead.set(organization.id, organization);
			for (const lot of organization.credit.lots) this.lotsAsRead.set(lot.id, lot);
		}
		for (const call of state.calls.values()) this.callsAsRead.set(call.id, call);
		for (const hold of state.openHolds.values()) this.holdsAsRead.set(hold.callId, hold);
	}

	/** Enters one decision, and shows it to the decisions after it. */
	enter(changes: Changes): void {
		applyChanges(this.state, changes);
		for (const organization of changes.organizations ?? []) {
			this.organizations.set(organization.id, organization);
		}
		for (const call of changes.newCalls ?? []) this.newCalls.set(call.id, call);
		for (const call of changes.calls ?? []) {
			if (this.newCalls.has(call.id)) this.newCalls.set(call.id, call);
			else this.calls.set(call.id, call);
		}
		for (const hold of changes.holds ?? []) this.holds.set(hold.id, hold);
		for (const debt of changes.debts ?? []) this.debts.set(debt.id, debt);
		for (const day of changes.days ?? []) {
			this.days.set(dayKey(day.organizationId, day.day, day.country), day);
			this.countedOrganizations.add(day.organizationId);
		}
		for (const grant of changes.newAllocations ?? []) this.newAllocations.set(grant.lot.id, grant);
		this.consumptions.push(...(changes.consumptions ?? []));
		for (const change of changes.budgets ?? []) this.budgets.set(change.budget.id, change);
		for (const use of changes.budgetUses ?? []) {
			this.usesOfBudgets.set(budgetUseKey(use.budgetId, use.periodStart), use);
		}
		for (const payment of changes.payments ?? []) this.payments.set(payment.id, payment);
		for (const progress of changes.toldCampaigns ?? []) {
			this.toldCampaigns.set(progress.id, progress);
		}
		this.appendRows(changes.rows ?? {});
	}

	private appendRows(rows: Partial<AppendedRows>): void {
		this.rows.usage.push(...(rows.usage ?? []));
		this.rows.history.push(...(rows.history ?? []));
		this.rows.statusEvents.push(...(rows.statusEvents ?? []));
		this.rows.blocks.push(...(rows.blocks ?? []));
		this.rows.audit.push(...(rows.audit ?? []));
		this.rows.transactions.push(...(rows.transactions ?? []));
		this.rows.mails.push(...(rows.mails ?? []));
		this.rows.deliveries.push(...(rows.deliveries ?? []));
		this.rows.recordings.push(...(rows.recordings ?? []));
		this.rows.transcripts.push(...(rows.transcripts ?? []));
		this.rows.endConflicts.push(...(rows.endConflicts ?? []));
	}

	/** Closes the batch: finds the lots that changed, and numbers the live events of each tenant. */
	close(nowMs: number): void {
		this.claimRefills(nowMs);
		for (const organization of this.organizations.values()) {
			for (const lot of organization.credit.lots) {
				const grant = this.newAllocations.get(lot.id);
				if (grant) this.newAllocations.set(lot.id, { ...grant, lot });
				else if (this.lotsAsRead.get(lot.id) !== lot) this.lots.set(lot.id, lot);
			}
		}
		for (const call of this.newCalls.values()) this.tellCall('call:created', call);
		for (const call of this.calls.values()) {
			if (this.isNews(call)) this.tellCall('call:updated', call);
		}
		for (const organization of this.organizations.values()) this.tellCredit(organization, nowMs);
		for (const id of this.countedOrganizations) this.tellMetrics(id, nowMs);
		for (const payload of this.toldCampaigns.values()) {
			const { organization, seq } = this.nextSeq(payload.organizationId);
			this.events.push({ organizationId: organization.id, seq, name: 'campaign:updated', payload });
		}
	}

	/** Calls this batch ended: each is counted once. */
	endedCalls(): Call[] {
		return [...this.newCalls.values(), ...this.calls.values()].filter(
			(call) => call.endedAtMs !== null && !this.callsAsRead.get(call.id)?.endedAtMs
		);
	}

	/** What budgets have seen. One that was counted for a change that did not come about has no row. */
	get budgetUses(): BudgetUse[] {
		const drafts = new Set(
			[...this.state.budgets.values()]
				.flat()
				.flatMap((budget) => (budget.limitMinutes === null ? [budget.id] : []))
		);
		return [...this.usesOfBudgets.values()].filter(({ budgetId }) => !drafts.has(budgetId));
	}

	/** Opens the refill of every wallet the batch left too low, or refused a call for. */
	private claimRefills(nowMs: number): void {
		for (const organization of this.state.organizations.values()) {
			if (!organization.autoRefill.isEnabled) continue;
			const isCallShort = this.rows.blocks.some(
				({ organizationId, code }) =>
					organizationId === organization.id && code === 'insufficient_balance'
			);
			const { autoRefill, credit } = organization;
			const claimed = claimRefill(autoRefill, credit, isCallShort, nowMs);
			if (claimed) this.enter({ organizations: [{ ...organization, autoRefill: claimed }] });
		}
	}

	hasNewRefill(organizationId: number): boolean {
		const before = this.organizationsAsRead.get(organizationId)?.autoRefill;
		return before !== this.organizations.get(organizationId)?.autoRefill;
	}

	hasMovedMoney(organizationId: number): boolean {
		const before = this.organizationsAsRead.get(organizationId)?.credit;
		const after = this.organizations.get(organizationId)?.credit;
		return (
			before?.balanceMicros !== after?.balanceMicros ||
			before?.heldMicros !== after?.heldMicros ||
			before?.debtMicros !== after?.debtMicros ||
			before?.overdraftHeldMicros !== after?.overdraftHeldMicros
		);
	}

	hasNewPolicy(organizationId: number): boolean {
		const before = this.organizationsAsRead.get(organizationId);
		return (
			before?.deactivationPolicy !== this.organizations.get(organizationId)?.deactivationPolicy
		);
	}

	private isNews(call: Call): boolean {
		const before = this.callsAsRead.get(call.id);
		const heldBefore = this.holdsAsRead.get(call.id);
		const held = this.state.openHolds.get(call.id);
		const isSliceNews =
			held !== undefined &&
			(held.isDraining !== heldBefore?.isDraining ||
				held.drainCause !== heldBefore.drainCause ||
				coveredUntilMs(call, held) !== (heldBefore && coveredUntilMs(call, heldBefore)));
		return (
			isSliceNews ||
			before === undefined ||
			before.status !== call.status ||
			before.ringingAtMs !== call.ringingAtMs ||
			before.answeredAtMs !== call.answeredAtMs ||
			before.answeredBy !== call.answeredBy ||
			before.endedAtMs !== call.endedAtMs ||
			before.answeredBy !== call.answeredBy ||
			before.provider !== call.provider
		);
	}

	private tellCall(name: 'call:created' | 'call:updated', call: Call): void {
		const { organization, seq } = this.nextSeq(call.organizationId);
		const told = { ...call, liveSeq: seq };
		(name === 'call:created' ? this.newCalls : this.calls).set(call.id, told);
		const payload = toCallView(told, organization.name, this.state.openHolds.get(call.id) ?? null);
		this.events.push({ organizationId: organization.id, seq, name, payload });
	}

	private tellCredit(organization: Organization, nowMs: number): void {
		if (this.hasMovedMoney(organization.id) || this.hasNewRefill(organization.id)) {
			const { organization: current, seq } = this.nextSeq(organization.id);
			const payload = toCreditsView(current.id, current.credit, current.autoRefill, seq);
			this.events.push({ organizationId: current.id, seq, name: 'credits:updated', payload });
		}
		if (sameCredit(this.organizationsAsRead.get(organization.id), organization)) return;
		const { organization: current, seq } = this.nextSeq(organization.id);
		const payload = toMinutesView(current, seq, nowMs);
		this.events.push({ organizationId: current.id, seq, name: 'minutes:updated', payload });
	}

	private tellMetrics(organizationId: number, nowMs: number): void {
		const { organization, seq } = this.nextSeq(organizationId);
		const today = localDay(nowMs, organization.timezone);
		const days = [...this.state.days.values()].filter(
			(day) => day.organizationId === organizationId && day.day === today
		);
		const payload = toMetricsView(organization, today, days, seq);
		this.events.push({ organizationId, seq, name: 'metrics:updated', payload });
	}

	private nextSeq(organizationId: number): { organization: Organization; seq: number } {
		const organization = this.state.organizations.get(organizationId);
		if (!organization) throw new Error(`Organization ${organizationId} was not read`);
		const next = { ...organization, liveSeq: organization.liveSeq + 1 };
		this.state.organizations.set(organizationId, next);
		this.organizations.set(organizationId, next);
		return { organization: next, seq: next.liveSeq };
	}
}

function sameCredit(before: Organization | undefined, after: Organization): boolean {
	return (
		before !== undefined &&
		before.credit === after.credit &&
		before.isActive === after.isActive &&
		before.liveCalls === after.liveCalls
	);
}
