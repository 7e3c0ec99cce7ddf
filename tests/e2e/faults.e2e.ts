/** A few of the faults that `npm run faults` strikes with, so that what it shows is shown with every test. */
import { expect, test } from '@playwright/test';
import { runFaults } from '../faults/run-faults';
import type { FaultKind } from '../faults/strikes';

const KINDS: FaultKind[] = ['kill_app', 'kill_postgres', 'cut_after_commit'];

test('given calls and callbacks under load, when app and database are killed and a commit goes unanswered, then nothing is lost or doubled', async () => {
	const report = await runFaults({
		cycles: KINDS.length,
		seed: 20_261_121,
		kinds: KINDS,
		awaitsUndialled: false,
		onProgress: () => {}
	});
	expect(report.breaches, `seed ${report.seed}`).toEqual([]);
	expect(report.callbacks.acknowledged).toBeGreaterThan(0);
	expect(Object.keys(report.cycles).sort()).toEqual([...KINDS].sort());
});
