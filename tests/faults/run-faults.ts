/**
 * Faults at random under load: each cycle lets the load run for a moment, strikes, measures until the app
 * is back, and looks up every callback that was acknowledged so far. At the end nothing is left to hear of,
 * and calls, charges and books are checked as a whole.
 */
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { Random } from '../simulation/random';
import { checkAcknowledged, checkCalls, checkCredit, listBreaches, type Books } from './audit';
import { CallbackSender } from './callback-sender';
import { CallPlacer } from './call-placer';
import { ReportBuilder, type FaultReport } from './fault-report';
import { startFaultStack, withContext, type FaultStack } from './fault-stack';
import { createPayers } from './payers';
import { measureRecovery } from './recovery';
import { FAULT_KINDS, strike, type FaultKind } from './strikes';

export interface FaultRunOptions {
	cycles: number;
	seed: number;
	/** Those that are drawn from; each comes as often as the others. */
	kinds?: readonly FaultKind[];
	/** Also waits for calls that were never dialled: their hold comes back after a minute. */
	awaitsUndialled: boolean;
	/** Told what is being done, a line at a time. */
	onProgress: (line: string) => void;
}

const PAYERS = 4;
const CALLERS = 8;
const RUN_MS = { least: 300, most: 900 };
const SETTLE_MS_MAX = 120_000;
const SETTLE_LOOK_MS = 250;

export async function runFaults(options: FaultRunOptions): Promise<FaultReport> {
	const random = new Random(options.seed);
	options.onProgress('starting PostgreSQL and the app');
	const stack = await startFaultStack({ random: random.fork(1) });
	const sql = postgres(stack.postgres.databaseUrl, { max: 2, onnotice: () => {} });
	try {
		return await runWith(stack, sql, random, options);
	} finally {
		await sql.end({ timeout: 1 });
		await stack.stop();
	}
}

async function runWith(
	stack: FaultStack,
	sql: postgres.Sql,
	random: Random,
	options: FaultRunOptions
): Promise<FaultReport> {
	const { carrier, app, postgres: server } = stack;
	const payers = await withContext(server.databaseUrl, (ctx) => createPayers(ctx, PAYERS));
	const chooseTarget = () => app.address;
	const sender = new CallbackSender(carrier, random.fork(2), chooseTarget);
	const placer = new CallPlacer(payers, random.fork(3), chooseTarget);
	carrier.onCall = (call) => sender.start(call);
	const report = new ReportBuilder();

	await placer.placeOne();
	await sender.finish();
	placer.start(CALLERS);
	let checked = 0;
	for (const [index, kind] of drawKinds(random, options).entries()) {
		await pause(random.between(RUN_MS.least, RUN_MS.most));
		const { endedAtMs, repaired } = await strike(stack, kind, random);
		const recoveryMs = await measureRecovery(endedAtMs, app.address, sender);
		await repaired;
		if (recoveryMs === null) {
			report.addFindings({ wrong: [`${kind}: the app did not come back`] });
			await app.stop();
			await app.start();
			continue;
		}
		report.addCycle({ kind, recoveryMs });
		const acknowledged = sender.acknowledged.slice(checked);
		checked = sender.acknowledged.length;
		report.addFindings(await checkAcknowledged(sql, acknowledged));
		options.onProgress(`${index + 1}. ${kind}: back after ${Math.round(recoveryMs)} ms`);
	}
	await placer.stop();
	await sender.finish();
	// As a deploy: a process that starts asks about every live call.
	await app.stop();
	await app.start();
	await settle(sql, stack, options);

	const { placements } = placer;
	const requiresReleased = options.awaitsUndialled;
	const books: Books = { placements, dialled: carrier.calls, requiresReleased };
	report.addFindings(await checkAcknowledged(sql, sender.acknowledged.slice(checked)));
	report.addFindings(await checkCalls(sql, books));
	report.addFindings({ wrong: await checkCredit(sql, payers, books) });
	report.addFindings({ wrong: [...(await listBreaches(server.databaseUrl)), ...app.falls] });
	return report.build({
		name: 'faults',
		seed: options.seed,
		calls: { placed: placements.length, dialled: carrier.calls.length },
		callbacks: {
			sent: sender.sent,
			acknowledged: sender.acknowledged.length,
			unanswered: sender.unanswered,
			givenUp: sender.givenUp
		}
	});
}

/** Every kind once in an order that is drawn, and again until there are enough. */
function drawKinds(random: Random, { cycles, kinds = FAULT_KINDS }: FaultRunOptions): FaultKind[] {
	const drawn: FaultKind[] = [];
	while (drawn.length < cycles) drawn.push(...random.shuffled(kinds));
	return drawn.slice(0, cycles);
}

/** Waits until nothing is held any more; what is never given back is found afterwards. */
async function settle(
	sql: postgres.Sql,
	{ carrier }: FaultStack,
	{ awaitsUndialled, onProgress }: FaultRunOptions
): Promise<void> {
	onProgress('waiting for the last calls to be settled');
	const dialled = awaitsUndialled ? null : carrier.calls.map(({ callId }) => callId);
	const deadline = performance.now() + SETTLE_MS_MAX;
	while (performance.now() < deadline) {
		const [row] = await sql<{ held: number }[]>`
			select count(*)::int as held from credit_holds where state = 'open'
				and (${dialled === null} or call_id = any(${dialled ?? []}))`;
		if (row?.held === 0) return;
		await pause(SETTLE_LOOK_MS);
	}
}
