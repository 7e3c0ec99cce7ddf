import os from 'node:os';
import { median } from '../bench/support/statistics';
import { RECOVERY_MS_MAX } from './recovery';
import type { Findings } from './audit';

export interface Cycle {
	kind: string;
	recoveryMs: number;
}

export interface FaultReport {
	name: string;
	seed: number;
	cycles: Record<string, number>;
	calls: { placed: number; dialled: number; unanswered: number };
	callbacks: { sent: number; acknowledged: number; unanswered: number; givenUp: number };
	lost: number;
	doubled: number;
	recovery: { p50Ms: number; maxMs: number; maxKind: string };
	/** Sentences that say what is wrong; none when all is well. */
	breaches: string[];
	/** Those that recovered, but late: a machine that others keep busy is late too. */
	late: string[];
	/** Cores, and how many processes wanted one in the last minute of the run. */
	machine: { cores: number; load: number };
	seconds: number;
}

const BREACHES_SHOWN = 20;

export class ReportBuilder {
	private readonly startedAtMs = performance.now();
	private readonly cycles: Cycle[] = [];
	private readonly lost: string[] = [];
	private readonly doubled: string[] = [];
	private readonly wrong: string[] = [];
	private readonly late: string[] = [];

	addCycle(cycle: Cycle): void {
		this.cycles.push(cycle);
		if (cycle.recoveryMs > RECOVERY_MS_MAX) {
			this.late.push(`${cycle.kind}: recovered after ${Math.round(cycle.recoveryMs)} ms`);
		}
	}

	addFindings({ lost = [], doubled = [], wrong = [] }: Partial<Findings>): void {
		this.lost.push(...lost);
		this.doubled.push(...doubled);
		this.wrong.push(...wrong);
	}

	build(about: Pick<FaultReport, 'name' | 'seed' | 'calls' | 'callbacks'>): FaultReport {
		const cycles: Record<string, number> = {};
		for (const { kind } of this.cycles) cycles[kind] = (cycles[kind] ?? 0) + 1;
		const slowest = this.cycles.reduce<Cycle | null>(
			(most, cycle) => (most && most.recoveryMs >= cycle.recoveryMs ? most : cycle),
			null
		);
		return {
			...about,
			cycles,
			lost: this.lost.length,
			doubled: this.doubled.length,
			recovery: {
				p50Ms: Math.round(median(this.cycles.map(({ recoveryMs }) => recoveryMs))),
				maxMs: Math.round(slowest?.recoveryMs ?? 0),
				maxKind: slowest?.kind ?? 'none'
			},
			breaches: [...this.lost, ...this.doubled, ...this.wrong],
			late: this.late,
			machine: { cores: os.availableParallelism(), load: os.loadavg()[0] ?? 0 },
			seconds: Math.round((performance.now() - this.startedAtMs) / 100) / 10
		};
	}
}

export function formatFaultReport(report: FaultReport): string {
	const { cycles, calls, callbacks, recovery, breaches, late, machine } = report;
	const kinds = Object.entries(cycles).map(([kind, count]) => `${kind} ${count}`);
	const total = Object.values(cycles).reduce((sum, count) => sum + count, 0);
	return [
		`${report.name}, seed ${report.seed}, ${report.seconds} s`,
		`  cycles      ${total}: ${kinds.join(', ')}`,
		`  calls       ${calls.placed} placed, ${calls.dialled} dialled, ${calls.unanswered} tries unanswered`,
		`  callbacks   ${callbacks.sent} sent, ${callbacks.acknowledged} acknowledged, ${callbacks.unanswered} tries unanswered, ${callbacks.givenUp} given up`,
		`  lost        ${report.lost}`,
		`  doubled     ${report.doubled}`,
		`  recovery    p50 ${recovery.p50Ms} ms, max ${recovery.maxMs} ms (${recovery.maxKind})`,
		...moreLines(report),
		`  machine     ${machine.cores} cores, load ${machine.load.toFixed(1)}`,
		...listOf('breaches', breaches),
		...listOf('recovered too late', late)
	].join('\n');
}

const KNOWN = new Set(
	'name seed cycles calls callbacks lost doubled recovery breaches late machine seconds'.split(' ')
);

/** What only this scenario has to tell. */
function moreLines(report: FaultReport): string[] {
	return Object.entries(report)
		.filter(([name]) => !KNOWN.has(name))
		.map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`);
}

export function isFine({ breaches, late }: FaultReport): boolean {
	return breaches.length === 0 && late.length === 0;
}

function listOf(name: string, sentences: string[]): string[] {
	if (sentences.length === 0) return [`  ${name}: none`];
	const shown = sentences.slice(0, BREACHES_SHOWN).map((sentence) => `    ${sentence}`);
	return [`  ${name}: ${sentences.length}`, ...shown];
}
