/**
 * The scheduler: one seed decides who does what and when, what is lost on the way and when a process
 * dies. Time is simulated. In every step a group of commands is submitted at once, in an order drawn from
 * the seed, and the step ends when all are answered.
 */
import type { Command, Result } from '$lib/domain/lane/commands';
import { Actors } from './actors';
import { Agenda, type Due } from './agenda';
import { deliver, drawLaneFault, drawWeather, type Weather } from './faults';
import { PROCESSES, type Answer, type LanePort, type Submission } from './lane-port';
import { drawOrganization, MODES, type OrganizationSettings } from './organizations';
import { SimulatedProvider } from './provider';
import { Random } from './random';
import { Trace } from './trace';

export interface WorldOptions {
	seed: number;
	steps: number;
	/** Real transactions take real time: fewer faults that make the lane wait. */
	isOnDisk: boolean;
}

/** One of the moments at which daylight saving or a year changes somewhere, and some that are plain. */
const STARTS = ['2026-11-21T18:20:00Z', '2026-11-01T05:50:00Z', '2026-12-31T23:55:00Z'] as const;
const FINISH_ROUNDS_MAX = 40;

export class World {
	readonly provider: SimulatedProvider;
	readonly organizations = new Map<number, OrganizationSettings>();
	readonly trace: Trace;
	nowMs: number;
	private readonly random: Random;
	private readonly weather: Weather;
	private readonly agenda = new Agenda();
	/** Calls whose end was told in two ways: either may stand. */
	readonly disputed = new Set<string>();

	constructor(private readonly options: WorldOptions) {
		this.random = new Random(options.seed);
		this.provider = new SimulatedProvider(this.random.fork(1));
		this.weather = drawWeather(this.random, options.isOnDisk);
		this.nowMs = Date.parse(this.random.pick(STARTS));
		this.trace = new Trace(this.nowMs);
	}

	async run(port: LanePort): Promise<void> {
		const count = this.random.between(3, 4);
		const drawn = Array.from({ length: count }, (_, index) => drawOrganization(this.random, index));
		const ids = await port.openOrganizations(drawn);
		for (const [index, settings] of drawn.entries()) {
			this.organizations.set(ids[index] ?? 0, settings);
		}
		const actors = new Actors(ids, this.random.fork(2), this.provider);
		await this.submitNow(port, actors.begin(this.nowMs).map(fromOutside(this.nowMs)));
		for (let step = 0; step < this.options.steps; step++) await this.step(port, actors);
		await this.finish(port);
	}

	private async step(port: LanePort, actors: Actors): Promise<void> {
		const { random } = this;
		this.passTime(
			random.weighted([
				[3, 0],
				[6, random.between(100, 4_000)],
				[6, random.between(4_000, 20_000)],
				[1, random.between(20_000, 120_000)]
			])
		);
		if (random.chance(3)) await this.changeMode(port);
		const commands = Array.from({ length: random.between(0, 4) }, () => actors.next(this.nowMs));
		const acts = commands.filter((command) => command !== null).map(fromOutside(this.nowMs));
		if (random.chance(8)) this.askSlowly();
		if (random.chance(10)) this.meterOnce();
		const due = this.agenda.take(this.nowMs, 6);
		await this.submitNow(port, random.shuffled([...due, ...acts]));
		const process = random.below(PROCESSES);
		if (random.chance(70)) await port.meter(process);
		if (random.chance(12)) await port.sweep(process, random.chance(10));
		if (random.chance(15)) await port.expire(process);
	}

	/** Everybody goes home: calls end, late deliveries come, and the sweeper finds the rest. */
	private async finish(port: LanePort): Promise<void> {
		this.provider.isPatient = true;
		for (let round = 0; round < FINISH_ROUNDS_MAX; round++) {
			this.passTime(round < 8 ? 30_000 : 150_000);
			await this.submitNow(port, this.agenda.take(this.nowMs, 30));
			await port.meter(0);
			if (round % 3 === 2) await port.sweep(1, true);
			const isQuiet = this.provider.isSilent && this.agenda.size === 0;
			if (isQuiet && (await port.countOpenHolds()) === 0) break;
		}
		await port.sweep(0, true);
		await port.expire(0);
	}

	private passTime(elapsedMs: number): void {
		this.nowMs += elapsedMs;
		for (const happening of this.provider.advance(this.nowMs)) {
			for (const { atMs, command } of deliver(happening, this.weather, this.random)) {
				this.agenda.add({ atMs, command, heldBy: null, attempts: 0 });
				if (command.dedupeKey.endsWith(':again')) this.disputed.add(happening.callId);
			}
		}
	}

	private async changeMode(port: LanePort): Promise<void> {
		const organizationId = this.random.pick([...this.organizations.keys()]);
		const mode = this.random.pick(MODES);
		this.trace.mode(this.nowMs, organizationId, mode);
		await port.changeMode(organizationId, mode);
	}

	/** A sweeper that asked, and was slow to tell the lane what it heard. */
	private askSlowly(): void {
		const { random } = this;
		const calls = [...this.provider.calls.values()];
		if (calls.length === 0) return;
		const { callId } = random.pick(calls);
		const finding = this.provider.find(callId);
		const atMs = this.nowMs + random.between(100, 30_000);
		const heldBy = random.below(PROCESSES);
		const command: Command = {
			kind: 'apply_sweep',
			callId,
			asked: { provider: 'twilio', providerCallId: null },
			finding
		};
		this.agenda.add({ atMs, command, heldBy, attempts: 0 });
	}

	/** A meter whose look may be lost, or meets that of the other process. */
	private meterOnce(): void {
		const calls = [...this.provider.calls.values()];
		if (calls.length === 0) return;
		const { callId } = this.random.pick(calls);
		for (const heldBy of this.random.chance(40) ? [0, 1] : [0]) {
			const command: Command = { kind: 'meter_call', callId };
			this.agenda.add({ atMs: this.nowMs, command, heldBy, attempts: 0 });
		}
	}

	private async submitNow(port: LanePort, group: Due[]): Promise<void> {
		if (group.length === 0) return;
		const { random } = this;
		const submissions: Submission[] = group.map(({ command, heldBy }) => ({
			command,
			process: heldBy ?? random.below(PROCESSES)
		}));
		const victim = random.pick(submissions).process;
		const fault = drawLaneFault(this.weather, victim, random);
		const answers = await port.submit(submissions, fault);
		if (fault) this.trace.fault(this.nowMs, fault);
		if (answers.some(({ kind }) => kind === 'lost')) this.agenda.forget(victim);
		for (const [index, answer] of answers.entries()) {
			const [due, submission] = [group[index], submissions[index]];
			if (!due || !submission) continue;
			this.trace.answer(this.nowMs, submission, answer);
			this.react(due, submission, answer);
		}
	}

	private react(due: Due, { process }: Submission, answer: Answer): void {
		if (answer.kind === 'answered') this.goOn(due.command, answer.result, process);
		else this.tryAgain(due);
	}

	/** The process that placed a call asks the provider, and books what that said a moment later. */
	private goOn(command: Command, result: Result, process: number): void {
		if (result.kind === 'cut') this.provider.hangUp(result.call.providerCallId ?? '', this.nowMs);
		if (result.kind === 'extended' && result.raised) {
			const { providerCallId, timeLimitSeconds } = result.raised;
			this.provider.setTimeLimit(providerCallId ?? '', timeLimitSeconds);
		}
		if (command.kind !== 'place_call' || result.kind !== 'placed' || result.repeated) return;
		const { id: callId, timeLimitSeconds } = result.call;
		const random = this.random.fork(this.provider.calls.size + 10_000);
		const isHaywire = random.chance(10);
		const outcome = this.provider.create(callId, timeLimitSeconds, this.nowMs, isHaywire);
		const told: Command =
			outcome.kind === 'accepted'
				? { kind: 'bind_provider_call', callId, provider: 'twilio', providerCallId: outcome.sid }
				: { kind: 'close_submit', callId, outcome: outcome.kind, endReason: 'rejected' };
		const atMs = this.nowMs + random.pick([0, 200, 1_500, 8_000]);
		this.agenda.add({ atMs, command: told, heldBy: process, attempts: 0 });
	}

	/** Whoever got no answer asks again, with the same ids. What the dead process knew nobody repeats. */
	private tryAgain({ command, heldBy, attempts }: Due): void {
		const { random } = this;
		const isTried = heldBy === null && attempts < 5 && random.chance(85);
		if (!isTried) return;
		const again =
			command.kind === 'place_call'
				? { ...command, holdId: random.uuid() }
				: command.kind === 'apply_delivery'
					? { ...command, deliveryId: random.uuid() }
					: command;
		const atMs = this.nowMs + random.between(100, 15_000);
		this.agenda.add({ atMs, command: again, heldBy, attempts: attempts + 1 });
	}
}

function fromOutside(atMs: number): (command: Command) => Due {
	return (command) => ({ atMs, command, heldBy: null, attempts: 0 });
}
