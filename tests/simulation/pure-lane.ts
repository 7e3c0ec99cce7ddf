/**
 * The pure core alone behind the port: `decide` and `applyChanges`, one command after the other, and the
 * rows a database would keep. After every command its credit is held against the naive re-computation.
 */
import { applyChanges, type Changes, type LaneState } from '$lib/domain/lane/state';
import type { BillingMode } from '$lib/domain/credit/types';
import { decide } from '$lib/domain/lane/decide';
import type { Call } from '$lib/domain/call/call';
import type { Command, Result } from '$lib/domain/lane/commands';
import { describeCredit, type Books } from './books';
import type { Answer, LaneFault, LanePort, Submission } from './lane-port';
import type { OrganizationSettings } from './organizations';
import type { PlantedBug } from './planted-bugs';
import { emptyRows, emptyState, organizationOf, pureBooksOf, type PureRows } from './pure-books';
import { Reckoning } from './reckoning';
import type { World } from './world';

export class PureLane implements LanePort {
	readonly reckoning = new Reckoning();
	readonly breaches: string[] = [];
	/** Commands decided. */
	decided = 0;
	private readonly state: LaneState = emptyState();
	private readonly rows = new Map<number, PureRows>();
	private readonly calls = new Map<string, Call>();
	/** Delivery keys that were claimed, with the call they were about. */
	private readonly claimed = new Map<string, string | null>();
	private readonly decide: typeof decide;

	constructor(
		private readonly world: World,
		private readonly bug: PlantedBug | null = null
	) {
		this.decide = bug?.decide?.(decide) ?? decide;
	}

	async openOrganizations(drawn: OrganizationSettings[]): Promise<number[]> {
		return drawn.map((settings, index) => {
			const id = index + 1;
			this.state.organizations.set(id, organizationOf(id, settings));
			this.rows.set(id, emptyRows());
			this.reckoning.open(id, settings);
			return id;
		});
	}

	async submit(group: Submission[], fault: LaneFault | null): Promise<Answer[]> {
		return group.map(({ command, process }) => this.ask(command, process, fault));
	}

	/** What a fault means without a database: a command lost before or after it was done, or done twice. */
	private ask(command: Command, process: number, fault: LaneFault | null): Answer {
		const kind = fault?.process === process ? fault.kind : null;
		if (kind === 'crash_before_commit') return { kind: 'lost' };
		const result = this.run(command);
		if (kind === 'crash_after_commit') return { kind: 'lost' };
		return { kind: 'answered', result: kind === 'cut_after_commit' ? this.run(command) : result };
	}

	async meter(): Promise<void> {
		const { nowMs, provider } = this.world;
		const due = [...this.state.openHolds.values()].filter((hold) => {
			const organization = this.state.organizations.get(hold.organizationId);
			const mustBeCut =
				organization?.isActive === false && organization.deactivationPolicy === 'cut_now';
			return (
				(hold.meterAtMs !== null && hold.meterAtMs <= nowMs) || (mustBeCut && !hold.isDraining)
			);
		});
		for (const { callId } of due) {
			const result = this.run({ kind: 'meter_call', callId });
			if (result.kind === 'cut') provider.hangUp(result.call.providerCallId ?? '', nowMs);
			if (result.kind !== 'extended' || !result.raised) continue;
			provider.setTimeLimit(result.raised.providerCallId ?? '', result.raised.timeLimitSeconds);
		}
	}

	async sweep(_process: number, everyLiveCall: boolean): Promise<void> {
		const { nowMs, provider } = this.world;
		const due = [...this.state.openHolds.values()].filter(
			({ checkAtMs }) => everyLiveCall || checkAtMs <= nowMs
		);
		for (const { callId } of due) {
			this.run({
				kind: 'apply_sweep',
				callId,
				asked: {
					provider: 'twilio',
					providerCallId: this.state.calls.get(callId)?.providerCallId ?? null
				},
				finding: provider.find(callId)
			});
		}
		for (const [key, waiting] of [...this.state.unmatched]) {
			const callId = this.state.callIdByProviderCall.get(key);
			const sid = waiting[0]?.event.providerCallId;
			if (callId === undefined || sid === undefined) continue;
			this.run({ kind: 'bind_provider_call', callId, provider: 'twilio', providerCallId: sid });
		}
	}

	async expire(): Promise<void> {
		for (const { id, credit } of [...this.state.organizations.values()]) {
			const due = credit.lots.filter(
				(lot) =>
					lot.expiresAtMs !== null &&
					lot.expiresAtMs <= this.world.nowMs &&
					lot.remainingMinutes > lot.heldMinutes
			);
			for (const lot of due) {
				this.run({
					kind: 'withdraw_allocation',
					organizationId: id,
					allocationId: lot.id,
					cause: 'expire',
					reason: 'Expired',
					actor: { kind: 'job' }
				});
			}
		}
	}

	async changeMode(organizationId: number, mode: BillingMode): Promise<void> {
		const organization = this.state.organizations.get(organizationId);
		if (!organization) throw new Error(`There is no organisation ${organizationId}.`);
		const credit = { ...organization.credit, mode };
		this.state.organizations.set(organizationId, { ...organization, credit });
		this.reckoning.changeMode(organizationId, mode);
	}

	async countOpenHolds(): Promise<number> {
		return this.state.openHolds.size;
	}

	booksOf(organizationId: number): Books {
		const organization = this.state.organizations.get(organizationId);
		const rows = this.rows.get(organizationId);
		if (!organization || !rows) throw new Error(`There is no organisation ${organizationId}.`);
		return pureBooksOf(organization, this.state, rows, this.calls);
	}

	/** One command through the core; a delivery is claimed by its key first, as the lane does. */
	private run(command: Command): Result {
		if (command.kind === 'apply_delivery' && !this.bug?.forgetsDeliveries) {
			const callId = this.claimed.get(command.dedupeKey);
			if (callId !== undefined) return { kind: 'duplicate', callId, note: null };
		}
		const { nowMs } = this.world;
		const { result, changes } = this.decide(this.state, command, nowMs);
		this.decided++;
		applyChanges(this.state, changes);
		this.remember(command, changes);
		if (command.kind === 'apply_delivery') {
			this.claimed.set(command.dedupeKey, 'callId' in result ? result.callId : null);
		}
		const right = this.reckoning.apply(command, nowMs);
		if (!right.includes(result.kind)) {
			this.breaches.push(`${command.kind} was answered ${result.kind}, not ${right.join(' or ')}`);
		}
		this.checkCredit(command);
		return result;
	}

	private checkCredit(command: Command): void {
		const organizationId =
			'organizationId' in command
				? command.organizationId
				: this.calls.get(this.callIdOf(command))?.organizationId;
		if (organizationId === undefined || organizationId === null) return;
		const expected = describeCredit(this.reckoning.creditOf(organizationId));
		const actual = describeCredit(this.creditOf(organizationId));
		if (expected === actual) return;
		this.breaches.push(`after ${command.kind}: ${actual}`, `but it should be: ${expected}`);
	}

	private callIdOf(command: Exclude<Command, { organizationId: number }>): string {
		if (command.kind !== 'apply_delivery') return command.callId;
		const { provider, providerCallId, callId } = command.event;
		return this.state.callIdByProviderCall.get(`${provider}:${providerCallId}`) ?? callId ?? '';
	}

	private creditOf(organizationId: number): Books['credit'] {
		const organization = this.state.organizations.get(organizationId);
		if (!organization) throw new Error(`There is no organisation ${organizationId}.`);
		const { credit, liveCalls, isActive } = organization;
		return { ...credit, liveCalls, isActive };
	}

	/** Keeps what a database would keep and the state of a batch does not. */
	private remember(command: Command, changes: Changes): void {
		for (const call of [...(changes.newCalls ?? []), ...(changes.calls ?? [])]) {
			this.calls.set(call.id, call);
		}
		for (const debt of changes.debts ?? []) {
			this.rows.get(debt.organizationId)?.debts.set(debt.id, debt);
		}
		const { usage, transactions, history, statusEvents, deliveries } = changes.rows ?? {};
		for (const row of usage ?? []) this.rows.get(row.organizationId)?.usage.push(row);
		for (const row of transactions ?? []) this.rows.get(row.organizationId)?.transactions.push(row);
		for (const row of history ?? []) this.rows.get(row.organizationId)?.history.push(row);
		for (const row of statusEvents ?? []) this.rows.get(row.organizationId)?.heard.push(row);
		for (const row of changes.consumptions ?? []) {
			this.rows.get(row.organizationId)?.consumptions.push(row);
		}
		for (const row of deliveries ?? []) {
			if (row.state !== 'unmatched' || command.kind !== 'apply_delivery') continue;
			const key = `${command.event.provider}:${command.event.providerCallId}`;
			const waiting = this.state.unmatched.get(key) ?? [];
			const kept = { id: row.id, event: command.event, receivedAtMs: this.world.nowMs };
			const byArrival = [...waiting, kept].sort(
				(one, other) => one.receivedAtMs - other.receivedAtMs || (one.id < other.id ? -1 : 1)
			);
			this.state.unmatched.set(key, byArrival);
		}
	}
}
