/** The people and systems of a run, and what each may do next: agents, admins, integrations, the sweeper. */
import type { Command, PlaceCall } from '$lib/domain/lane/commands';
import { RATES } from './organizations';
import type { SimulatedProvider } from './provider';
import type { Random } from './random';

const COMMAND_LINE = { kind: 'command_line' } as const;
const POLICIES = ['block_new', 'drain', 'cut_now'] as const;
const COUNTRIES = ['US', 'IN'] as const;

interface Tenant {
	id: number;
	isActive: boolean;
	allocationIds: string[];
	placed: PlaceCall[];
}

export class Actors {
	private readonly tenants: Tenant[];
	private readonly done: Command[] = [];
	private integrations = 0;

	constructor(
		organizationIds: number[],
		private readonly random: Random,
		private readonly provider: SimulatedProvider
	) {
		this.tenants = organizationIds.map((id) => ({
			id,
			isActive: true,
			allocationIds: [],
			placed: []
		}));
	}

	/** Credit to begin with: little, so that it runs out within the run. */
	begin(nowMs: number): Command[] {
		return this.tenants.flatMap((tenant) => [
			this.allocate(tenant, nowMs),
			this.moveMoney(tenant, 'credit')
		]);
	}

	/**
	 * What somebody does now.
	 * @returns null when it needs no command: an agent hangs up
	 */
	next(nowMs: number): Command | null {
		const { random } = this;
		const tenant = random.pick(this.tenants);
		if (!tenant.isActive && random.chance(30)) return this.switch(tenant);
		const act = random.weighted([
			[44, () => this.place(tenant)],
			[3, () => this.placeAgain(tenant)],
			[9, () => this.hangUp(nowMs)],
			[9, () => this.allocate(tenant, nowMs)],
			[6, () => this.withdraw(tenant)],
			[8, () => this.moveMoney(tenant, random.chance(70) ? 'credit' : 'refund')],
			[4, () => this.moveMoney(tenant, 'debit')],
			[7, () => this.consume(tenant, nowMs)],
			[3, () => this.switch(tenant)],
			[3, () => this.repeat()]
		] as const);
		const command = act();
		if (command !== null && command.kind !== 'place_call') this.done.push(command);
		return command;
	}

	private place(tenant: Tenant): PlaceCall {
		const { random } = this;
		const command: PlaceCall = {
			kind: 'place_call',
			callId: random.uuid(),
			holdId: random.uuid(),
			organizationId: tenant.id,
			user: null,
			contact: null,
			campaignId: null,
			device: 'phone',
			provider: 'twilio',
			from: '+12025550101',
			to: `+1415555${1000 + random.below(6)}`,
			country: random.pick(COUNTRIES),
			estimateMinutes: random.chance(15) ? random.between(1, 4) : null,
			rate: random.pick(RATES),
			isOverdraftAgreed: random.chance(35),
			canBeCut: random.chance(85),
			idempotencyKey: random.chance(30) ? random.uuid() : null
		};
		tenant.placed.push(command);
		return command;
	}

	/** The same wish again, under the same call id or only the same key; the hold is always a new one. */
	private placeAgain(tenant: Tenant): PlaceCall | null {
		const { random } = this;
		if (tenant.placed.length === 0) return null;
		const again = { ...random.pick(tenant.placed), holdId: random.uuid() };
		const hasKey = again.idempotencyKey !== null;
		return hasKey && random.chance(60) ? { ...again, callId: random.uuid() } : again;
	}

	private hangUp(nowMs: number): null {
		const calls = [...this.provider.calls.values()];
		if (calls.length > 0) this.provider.hangUp(this.random.pick(calls).sid, nowMs);
		return null;
	}

	private allocate(tenant: Tenant, nowMs: number): Command {
		const { random } = this;
		const allocationId = random.uuid();
		tenant.allocationIds.push(allocationId);
		return {
			kind: 'allocate',
			allocationId,
			organizationId: tenant.id,
			minutes: random.between(1, 12),
			reason: 'for the simulation',
			priority: random.pick([10, 100, 100, 200]),
			expiresAtMs: random.chance(40) ? nowMs + random.between(10, 600) * 1000 : null,
			actor: COMMAND_LINE
		};
	}

	private withdraw(tenant: Tenant): Command | null {
		if (tenant.allocationIds.length === 0) return null;
		return {
			kind: 'withdraw_allocation',
			organizationId: tenant.id,
			allocationId: this.random.pick(tenant.allocationIds),
			cause: 'revoke',
			reason: 'for the simulation',
			actor: COMMAND_LINE
		};
	}

	private moveMoney(tenant: Tenant, type: 'credit' | 'debit' | 'refund'): Command {
		return {
			kind: 'move_money',
			transactionId: this.random.uuid(),
			organizationId: tenant.id,
			type,
			amountMicros: BigInt(this.random.between(1, 900_000)),
			description: 'for the simulation',
			metadata: {},
			actor: COMMAND_LINE
		};
	}

	private consume(tenant: Tenant, nowMs: number): Command {
		const minutes = this.random.between(1, 4);
		return {
			kind: 'consume',
			organizationId: tenant.id,
			externalCallId: this.externalId(tenant),
			minutes,
			callStartMs: nowMs - minutes * 60_000,
			callEndMs: nowMs
		};
	}

	/** An integration may tell of a call that was placed from here, under our id or the provider's. */
	private externalId(tenant: Tenant): string {
		const { random } = this;
		const placed =
			tenant.placed.length > 0 && random.chance(25) ? random.pick(tenant.placed) : null;
		if (placed === null) return `pbx-${this.integrations++}`;
		const sid = this.provider.calls.get(placed.callId)?.sid;
		return sid !== undefined && random.chance(50) ? sid : placed.callId;
	}

	private switch(tenant: Tenant): Command {
		tenant.isActive = !tenant.isActive;
		return {
			kind: 'set_active',
			organizationId: tenant.id,
			isActive: tenant.isActive,
			policy: this.random.chance(70) ? this.random.pick(POLICIES) : null,
			actor: COMMAND_LINE
		};
	}

	/** Something done before is done again, by a double click or a retried request. */
	private repeat(): Command | null {
		const again = this.done.length > 0 ? this.random.pick(this.done) : null;
		return again?.kind === 'set_active' ? null : again;
	}
}
