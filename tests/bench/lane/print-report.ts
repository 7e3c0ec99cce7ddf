import type { CellSummary, LaneReport } from './lane-report';

const ABOUT = `\
lane         the built app (build/index.js) as it ships, pool 6, worker off, LOG_LEVEL=warn
interactive  the same built app with Lane.submit replaced by one interactive transaction per callback:
             begin, insert delivery, select organisation for update, select call for update, insert status
             event, update call, update organisation, insert live event, commit; the final callback also
             closes the hold, pays the allocation, writes usage log, day counters and contact. Statements
             are prepared and awaited one by one. Its live hub is off, which helps it.
Both: embedded PostgreSQL with fsync and synchronous_commit on, every call four callbacks (initiated,
ringing, in-progress, completed), each signed and posted over its own keep-alive connection.`;

/** More of a core taken by other programs than this, and the rates say little. */
const OTHERS_SHARE_MAX = 0.2;

type Column = [title: string, read: (cell: CellSummary) => string];

const COLUMNS: Column[] = [
	['server', (cell) => (cell.server === 'lane' ? 'lane' : `interactive, pool ${cell.poolSize}`)],
	['orgs', (cell) => String(cell.organizations)],
	['callers', (cell) => String(cell.callers)],
	['callbacks/s', (cell) => cell.callbacksPerSecond.toFixed(0)],
	['spread', (cell) => (cell.rounds > 1 ? toPercent(cell.spread) : '-')],
	['p50 ms', (cell) => cell.p50Ms.toFixed(1)],
	['p99 ms', (cell) => cell.p99Ms.toFixed(1)],
	['app CPU ms', (cell) => toFixed(cell.appCpuMs)],
	['pg CPU ms', (cell) => toFixed(cell.postgresCpuMs)],
	['gen CPU ms', (cell) => cell.generatorCpuMs.toFixed(3)],
	['app/pg/gen/others % of a core', toShares],
	['per tx', (cell) => cell.callbacksPerTransaction.toFixed(1)]
];

/** The report for people, with the text columns to the left and the numbers to the right. */
export function formatReport(report: LaneReport): string {
	const { machine } = report;
	const disk = machine.isDiskReal ? '' : ', ON A MEMORY DISK: commits cost nothing here';
	return [
		`Machine: ${machine.cores} × ${machine.cpu}, Node ${machine.node}, PostgreSQL ${machine.postgres}, ` +
			`one commit alone ${machine.commitMs.toFixed(2)} ms${disk}`,
		'',
		ABOUT,
		'',
		...formatTable(report.cells),
		'',
		...formatPgbench(report),
		'',
		...report.ratios.map(formatRatio),
		'',
		...formatBound(report),
		...formatNoise(report.cells),
		'',
		...formatVerdict(report)
	].join('\n');
}

function formatTable(cells: CellSummary[]): string[] {
	const rows = [COLUMNS.map(([title]) => title), ...cells.map(toRow)];
	const widths = COLUMNS.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
	return rows.map((row) =>
		row
			.map((text, index) =>
				index === 0 ? text.padEnd(widths[index] ?? 0) : text.padStart(widths[index] ?? 0)
			)
			.join('  ')
	);
}

function toRow(cell: CellSummary): string[] {
	return COLUMNS.map(([, read]) => read(cell));
}

function formatPgbench({ pgbench, cells }: LaneReport): string[] {
	if (pgbench.version === null) return ['pgbench is not on PATH: TPC-B was skipped.'];
	const fastest = Math.max(
		...cells.filter(({ server }) => server === 'lane').map((cell) => cell.callbacksPerSecond)
	);
	return pgbench.results.map(
		({ protocol, transactionsPerSecond, latencyMs }) =>
			`${pgbench.version}, TPC-B -c 8 -s 10, ${protocol} protocol: ${transactionsPerSecond.toFixed(0)} ` +
			`transactions/s, ${latencyMs.toFixed(1)} ms; the fastest lane cell is ` +
			`${(fastest / transactionsPerSecond).toFixed(2)} of it`
	);
}

function formatRatio({ name, value, atLeast }: LaneReport['ratios'][number]): string {
	const verdict = value >= atLeast ? 'met' : 'NOT met';
	return `${value.toFixed(2).padStart(6)}  ${name} (expected at least ${atLeast}: ${verdict})`;
}

/** The app decides on one thread, and one batch is under way at a time. */
function formatBound({ cells, machine }: LaneReport): string[] {
	const [fastest] = cells
		.filter(({ server }) => server === 'lane')
		.sort((first, second) => second.callbacksPerSecond - first.callbacksPerSecond);
	if (!fastest) return [];
	const { appShare, postgresShare, generatorShare, othersShare } = fastest;
	if (appShare === null || postgresShare === null || othersShare === null) return [];
	const isMachineFull =
		appShare + postgresShare + generatorShare + othersShare > 0.9 * machine.cores;
	const bound =
		appShare > 0.9
			? "the app's thread is the limit"
			: isMachineFull
				? 'the machine is full'
				: 'neither is full: the round trips of the one batch under way are the limit';
	return [
		`Bound: in the fastest lane cell the app's thread was busy ${toPercent(appShare)} of the time, ` +
			`PostgreSQL ${toPercent(postgresShare)} of a core: ${bound}.`
	];
}

/** The spread of the cells measured more than once, and what else ran on the machine. */
function formatNoise(cells: CellSummary[]): string[] {
	const repeated = cells.filter(({ rounds }) => rounds > 1);
	const others = cells.map(({ othersShare }) => othersShare).filter((share) => share !== null);
	const othersMax = Math.max(0, ...others);
	const noiseCell = repeated.find(
		({ server, organizations, callers }) =>
			server === 'lane' && organizations === 1 && callers === 64
	);
	return [
		...(noiseCell
			? [
					`Noise: lane, one organisation, 64 callers, ${noiseCell.rounds} times: ` +
						`lowest to highest ${toPercent(noiseCell.spread)} of the median` +
						` (widest of all cells ${toPercent(Math.max(...repeated.map(({ spread }) => spread)))}).`
				]
			: []),
		`Other programs took up to ${toPercent(othersMax)} of a core.` +
			(othersMax > OTHERS_SHARE_MAX ? ' THE MACHINE WAS NOT QUIET: measure again.' : '')
	];
}

function formatVerdict({ ok, faults, callbacks, seconds }: LaneReport): string[] {
	const took = `${seconds.toFixed(0)} s`;
	if (ok) {
		return [
			`Books: all ${callbacks} callbacks answered 200 and applied, reconcile clean, every call charged once. ${took}`
		];
	}
	return [...faults.map((fault) => `FAULT ${fault}`), took];
}

function toShares(cell: CellSummary): string {
	return [cell.appShare, cell.postgresShare, cell.generatorShare, cell.othersShare]
		.map((share) => (share === null ? '?' : (share * 100).toFixed(0)))
		.join('/');
}

function toPercent(share: number): string {
	return `${(share * 100).toFixed(0)} %`;
}

function toFixed(value: number | null): string {
	return value === null ? '?' : value.toFixed(3);
}
