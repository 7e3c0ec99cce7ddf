/**
 * The real lane behind the port: two processes, each with a lane of its own, on one Postgres, with the
 * real meter, sweeper and expiry job. A process that dies is replaced by a new one.
 */
import type { BillingMode } from '$lib/domain/credit/types';
import { decide } from '$lib/domain/lane/decide';
import type { Command } from '$lib/domain/lane/commands';
import { meterCalls } from '$lib/server/calls/meter-calls';
import { sweepCalls } from '$lib/server/calls/sweep-calls';
import type { Context } from '$lib/server/context';
import { Lane } from '$lib/server/lane/lane';
import { expireAllocations } from '$lib/server/minutes/expire-allocations';
import { createOrganization } from '$lib/server/organizations/create-organization';
import type { ProviderAdapter } from '$lib/server/providers/types';
import { formatMicros } from '$lib/domain/money';
import { FaultySql } from './faulty-sql';
import { Journal } from './journal';
import {
	PROCESSES,
	type Answer,
	type LaneFault,
	type LanePort,
	type Submission
} from './lane-port';
import type { OrganizationSettings } from './organizations';
import type { PlantedBug } from './planted-bugs';
import type { Ground } from './postgres-ground';
import type { World } from './world';

interface Process {
	sql: FaultySql;
	lane: Lane;
}

export class PostgresLane implements LanePort {
	readonly journal = new Journal();
	readonly breaches: string[] = [];
	private readonly processes: Process[];
	private names = 0;

	constructor(
		private readonly ground: Ground,
		private readonly world: World,
		private readonly bug: PlantedBug | null = null
	) {
		this.processes = Array.from({ length: PROCESSES }, (_, index) => this.start(index));
	}

	async openOrganizations(drawn: OrganizationSettings[]): Promise<number[]> {
		const ids: number[] = [];
		for (const settings of drawn) {
			const name = `Tenant ${this.ground.nextName()}-${this.names++}`;
			const { timezone } = settings;
			const { id } = await createOrganization({ ctx: this.context(0), input: { name, timezone } });
			await this.ground.services.database.sql`
				update organizations set billing_mode = ${settings.mode}, allowed_countries = '["IN"]',
					estimate_minutes = ${settings.estimateMinutes},
					overdraft_minutes = ${settings.overdraftMinutes},
					overdraft_amount = ${formatMicros(settings.overdraftMicros, 6)} where id = ${id}`;
			ids.push(id);
		}
		return ids;
	}

	async submit(group: Submission[], fault: LaneFault | null): Promise<Answer[]> {
		if (fault) this.process(fault.process).sql.arm(fault);
		const answers = await Promise.all(group.map((submission) => this.ask(submission)));
		if (fault) await this.recover(fault.process);
		for (const [index, answer] of answers.entries()) {
			const command = group[index]?.command;
			if (command && answer.kind === 'answered') this.checkAnswer(command, answer.result.kind);
			if (answer.kind === 'refused' && fault?.kind !== 'abort') {
				this.breaches.push(`${command?.kind} was refused: ${answer.error}`);
			}
		}
		return answers;
	}

	async meter(process: number): Promise<void> {
		await meterCalls({ ctx: this.context(process) });
	}

	async sweep(process: number, everyLiveCall: boolean): Promise<void> {
		await sweepCalls({ ctx: this.context(process), input: { everyLiveCall } });
	}

	async expire(process: number): Promise<void> {
		await expireAllocations({ ctx: this.context(process) });
	}

	async changeMode(organizationId: number, mode: BillingMode): Promise<void> {
		await this.ground.services.database.sql`
			update organizations set billing_mode = ${mode} where id = ${organizationId}`;
		this.journal.writeMode(organizationId, mode);
	}

	async countOpenHolds(): Promise<number> {
		const [row] = await this.ground.services.database.sql<{ count: number }[]>`
			select count(*)::int as count from credit_holds where state = 'open'`;
		return row?.count ?? 0;
	}

	async close(): Promise<void> {
		await Promise.all(this.processes.map(({ lane }) => lane.drain()));
	}

	/** Nothing is answered that was not committed; a delivery may be answered by an earlier one. */
	private checkAnswer(command: Command, kind: string): void {
		const isOfEarlier =
			command.kind === 'apply_delivery' && (kind === 'duplicate' || kind === 'failed');
		if (isOfEarlier || this.journal.hasCommitted(command, kind)) return;
		this.breaches.push(`${command.kind} was answered ${kind}, but not committed so`);
	}

	private async ask({ command, process }: Submission): Promise<Answer> {
		const { lane, sql } = this.process(process);
		const answered = lane.submit(command).then(
			(result): Answer => ({ kind: 'answered', result }),
			(error: unknown): Answer => ({
				kind: 'refused',
				error: error instanceof Error ? error.message : String(error)
			})
		);
		return Promise.race([answered, sql.death.catch((): Answer => ({ kind: 'lost' }))]);
	}

	/** The fault is over: a dead process leaves the database, and a new one starts. */
	private async recover(index: number): Promise<void> {
		const { sql } = this.process(index);
		sql.disarm();
		await sql.settled();
		if (sql.isDead) this.processes[index] = this.start(index);
	}

	private start(index: number): Process {
		const pool = this.ground.lanePool(index);
		const sql = new FaultySql(pool, this.bug);
		const lane = new Lane({
			sql: sql.asPool(),
			clock: () => this.world.nowMs,
			onCommitted: () => {},
			decide: this.journal.writing(this.bug?.decide?.(decide) ?? decide)
		});
		return { sql, lane };
	}

	private process(index: number): Process {
		const process = this.processes[index];
		if (!process) throw new Error(`There is no process ${index}.`);
		return process;
	}

	private context(process: number): Context {
		const { lane } = this.process(process);
		const providers = { twilio: this.adapter() };
		const services = { ...this.ground.services, lane, providers };
		return { caller: { kind: 'command_line' }, nowMs: this.world.nowMs, services };
	}

	/** The simulated provider as the verbs see one; they never create calls here. */
	private adapter(): ProviderAdapter {
		const { world } = this;
		return {
			name: 'twilio',
			fromNumber: '+12025550101',
			capabilities: {
				canHangUp: true,
				canExtend: true,
				signsWebhooks: true,
				finalEvent: 'completed',
				costDelaySeconds: null,
				timeLimitMaxSeconds: 14_400,
				needsAgentPhone: false,
				callsPerSecond: 1_000,
				fixedCallSeconds: null
			},
			recordingSource: { hosts: [], authorization: null },
			listBill: async function* () {
				// Nobody asks for the bill here.
			},
			createCall: () => Promise.reject(new Error('The scheduler dials.')),
			findCall: async ({ callId }) => world.provider.find(callId ?? ''),
			setTimeLimit: async (sid, seconds) => world.provider.setTimeLimit(sid, seconds),
			hangUp: async (sid) => world.provider.hangUp(sid, world.nowMs)
		};
	}
}
