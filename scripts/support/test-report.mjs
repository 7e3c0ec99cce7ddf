/** @typedef {import('../test.mjs').FinishedStep} FinishedStep */

/** @param {FinishedStep} step */
export function printBlock(step) {
	console.log(`\n── ${step.name}: ${describeCounts(step)} (${step.seconds} s)`);
	// A failed step's output comes in full at the end, where it is looked for.
	if (step.failed === 0 && step.output.trim()) console.log(step.output.trimEnd());
}

/**
 * Prints what failed, a line per step, and the sum as the last line.
 * @param {FinishedStep[]} steps
 * @returns {boolean} whether all is well
 */
export function printTotals(steps) {
	for (const step of steps.filter(({ failed }) => failed > 0)) {
		console.log(`\n── ${step.name} failed\n${step.output.trimEnd()}`);
	}
	console.log('');
	for (const step of steps) {
		console.log(`${step.failed > 0 ? '✗' : '✓'} ${step.name.padEnd(7)} ${describeCounts(step)}`);
	}
	const total = { passed: 0, failed: 0, skipped: 0 };
	for (const step of steps) {
		total.passed += step.passed;
		total.failed += step.failed;
		total.skipped += step.skipped;
	}
	console.log(`\n${describeCounts(total)}`);
	return total.failed === 0;
}

/** @param {{ passed: number, failed: number, skipped: number }} counts */
function describeCounts({ passed, failed, skipped }) {
	return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
