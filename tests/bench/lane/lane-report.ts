import type { PgbenchResult } from '../support/pgbench';
import { median, medianOfKnown, spread } from '../support/statistics';
import { ORGANIZATION_COUNTS, type OrganizationCount } from './bench-database';
import type { Cell, Measurement } from './measure-cell';
import type { BenchServer, ServerKind } from './servers';

export interface CellReport {
	cell: Cell;
	measurements: Measurement[];
}

export interface LaneBenchResult {
	machine: {
		cpu: string;
		cores: number;
		node: string;
		postgres: string;
		commitMs: number;
		isDiskReal: boolean;
	};
	cells: CellReport[];
	best: Record<OrganizationCount, BenchServer>;
	/** Of the app, and of the server it is compared with first. */
	poolSize: number;
	pgbenchVersion: string | null;
	pgbench: PgbenchResult[];
	callbacks: number;
	faults: string[];
	seconds: number;
}

/** Medians over the rounds. */
export interface CellSummary extends Measurement {
	server: ServerKind;
	poolSize: number;
	organizations: OrganizationCount;
	callers: number;
	rounds: number;
	/** How far the rounds lie apart, as a share of their median. */
	spread: number;
}

export interface RatioSummary {
	name: string;
	value: number;
	/** The least that issue 2 expects. */
	atLeast: number;
}

export interface LaneReport {
	ok: boolean;
	machine: LaneBenchResult['machine'];
	cells: CellSummary[];
	ratios: RatioSummary[];
	pgbench: { version: string | null; results: PgbenchResult[] };
	callbacks: number;
	faults: string[];
	seconds: number;
}

export function summarize(result: LaneBenchResult): LaneReport {
	const cells = result.cells.map(summarizeCell);
	return {
		ok: result.faults.length === 0,
		machine: result.machine,
		cells,
		ratios: listRatios(result),
		pgbench: { version: result.pgbenchVersion, results: summarizePgbench(result.pgbench) },
		callbacks: result.callbacks,
		faults: result.faults,
		seconds: result.seconds
	};
}

function summarizeCell({ cell, measurements }: CellReport): CellSummary {
	const of = (name: Exclude<keyof Measurement, NullableName>) =>
		median(measurements.map((measurement) => measurement[name]));
	const ofKnown = (name: NullableName) =>
		medianOfKnown(measurements.map((measurement) => measurement[name]));
	return {
		server: cell.server.kind,
		poolSize: cell.server.poolSize,
		organizations: cell.organizations,
		callers: cell.callers,
		rounds: measurements.length,
		spread: spread(measurements.map(({ callbacksPerSecond }) => callbacksPerSecond)),
		callbacksPerSecond: of('callbacksPerSecond'),
		p50Ms: of('p50Ms'),
		p99Ms: of('p99Ms'),
		appCpuMs: ofKnown('appCpuMs'),
		postgresCpuMs: ofKnown('postgresCpuMs'),
		generatorCpuMs: of('generatorCpuMs'),
		appShare: ofKnown('appShare'),
		postgresShare: ofKnown('postgresShare'),
		generatorShare: of('generatorShare'),
		othersShare: ofKnown('othersShare'),
		callbacksPerTransaction: of('callbacksPerTransaction')
	};
}

type NullableName = 'appCpuMs' | 'postgresCpuMs' | 'appShare' | 'postgresShare' | 'othersShare';

function summarizePgbench(results: PgbenchResult[]): PgbenchResult[] {
	return (['simple', 'prepared'] as const).flatMap((protocol) => {
		const same = results.filter((result) => result.protocol === protocol);
		if (same.length === 0) return [];
		return {
			protocol,
			transactionsPerSecond: median(same.map((result) => result.transactionsPerSecond)),
			latencyMs: median(same.map((result) => result.latencyMs))
		};
	});
}

/**
 * What issue 2 asks for, each for every number of callers that was measured. A ratio is taken within each
 * round, whose cells follow one another, and the median of the rounds is told.
 */
function listRatios({ cells, best, poolSize }: LaneBenchResult): RatioSummary[] {
	const ratesOf = (server: ServerKind, size: number, organizations: number, callers: number) =>
		cells
			.find(
				({ cell }) =>
					cell.server.kind === server &&
					cell.server.poolSize === size &&
					cell.organizations === organizations &&
					cell.callers === callers
			)
			?.measurements.map(({ callbacksPerSecond }) => callbacksPerSecond) ?? [];
	const laneRates = (organizations: number, callers: number) =>
		ratesOf('lane', poolSize, organizations, callers);
	const callerCounts = [...new Set(cells.map(({ cell }) => cell.callers))];

	const overInteractive = ORGANIZATION_COUNTS.flatMap((organizations) =>
		[...new Set([poolSize, best[organizations].poolSize])].flatMap((size) =>
			callerCounts.map((callers) => ({
				name: `lane / interactive with pool ${size}, ${nameCount(organizations)}, ${callers} callers`,
				value: divide(
					laneRates(organizations, callers),
					ratesOf('interactive', size, organizations, callers)
				),
				atLeast: organizations === 1 ? 2 : 1.3
			}))
		)
	);
	const oneOverMany = callerCounts.map((callers) => ({
		name: `lane, one organisation / 200, ${callers} callers`,
		value: divide(laneRates(1, callers), laneRates(200, callers)),
		atLeast: 0.8
	}));
	const manyCallers = ORGANIZATION_COUNTS.map((organizations) => ({
		name: `lane, 256 callers / 64, ${nameCount(organizations)}`,
		value: divide(laneRates(organizations, 256), laneRates(organizations, 64)),
		atLeast: 0.75
	}));
	return [...overInteractive, ...oneOverMany, ...manyCallers];
}

function divide(rates: number[], others: number[]): number {
	const rounds = Math.min(rates.length, others.length);
	return median(others.slice(0, rounds).map((other, round) => (rates[round] ?? NaN) / other));
}

function nameCount(organizations: OrganizationCount): string {
	return organizations === 1 ? 'one organisation' : `${organizations} organisations`;
}
