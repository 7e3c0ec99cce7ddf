/**
 * Faults at random under load: each cycle lets the load run for a moment, strikes, measures until the app
 * is back, and looks up every callback that was acknowledged so far. At the end nothing is left to hear of,
 * and calls, charges and books are checked as a whole.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../simulation/random';
import type { FaultReport } from './fault-report';
import { startFaultStack, type FaultStack } from './fault-stack';
import { FaultLoad } from './load';
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

const RUN_MS = { least: 300, most: 900 };

export async function runFaults(options: FaultRunOptions): Promise<FaultReport> {
	const random = new Random(options.seed);
	options.onProgress('starting PostgreSQL and the app');
	const stack = await startFaultStack({ random: random.fork(1) });
	try {
		return await runWith(stack, random, options);
	} finally {
		await stack.stop();
	}
}

async function runWith(
	stack: FaultStack,
	random: Random,
	options: FaultRunOptions
): Promise<FaultReport> {
	const { app } = stack;
	const load = await FaultLoad.onStack(stack, random);
	try {
		load.start();
		for (const [index, kind] of drawKinds(random, options).entries()) {
			await pause(random.between(RUN_MS.least, RUN_MS.most));
			const outcome = await runCycle(stack, load, kind, random);
			options.onProgress(`${index + 1}. ${kind}: ${outcome}`);
		}
		await load.stop();
		// As a deploy: a process that starts asks about every live call.
		await app.stop();
		await app.start();
		options.onProgress('waiting for the last calls to be settled');
		await load.settle(options.awaitsUndialled);
		load.report.addFindings({ wrong: app.falls });
		return await load.audit('faults', options.seed, options.awaitsUndialled);
	} finally {
		await load.close();
	}
}

/** @returns what came of it, in words */
async function runCycle(
	stack: FaultStack,
	load: FaultLoad,
	kind: FaultKind,
	random: Random
): Promise<string> {
	const { app } = stack;
	const { endedAtMs, repaired } = await strike(stack, kind, random);
	const recoveryMs = await measureRecovery(endedAtMs, app.address, load.sender);
	await repaired;
	if (recoveryMs === null) {
		load.report.addFindings({ wrong: [`${kind}: the app did not come back`] });
		await app.stop();
		await app.start();
		return 'not back';
	}
	load.report.addCycle({ kind, recoveryMs });
	await load.check();
	return `back after ${Math.round(recoveryMs)} ms`;
}

/** Every kind once in an order that is drawn, and again until there are enough. */
function drawKinds(random: Random, { cycles, kinds = FAULT_KINDS }: FaultRunOptions): FaultKind[] {
	const drawn: FaultKind[] = [];
	while (drawn.length < cycles) drawn.push(...random.shuffled(kinds));
	return drawn.slice(0, cycles);
}
