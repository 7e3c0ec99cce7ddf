const SHOWN_AFTER_MS = 1_000;
const QUIET_REPEAT_SECONDS = 30;

/** @param {number} startedAt a `performance.now()` */
export function secondsSince(startedAt) {
	return Math.round((performance.now() - startedAt) / 1_000);
}

/**
 * Shows a step that takes longer than a second, with its elapsed time: one line that counts on a
 * terminal, a line now and then elsewhere.
 * @template Result
 * @param {string} label
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withProgress(label, work) {
	const startedAt = performance.now();
	const isTerminal = process.stdout.isTTY;
	const timer = setInterval(() => {
		const seconds = secondsSince(startedAt);
		if (isTerminal) process.stdout.write(`\r${label}… ${seconds} s`);
		else if (seconds % QUIET_REPEAT_SECONDS === 0) console.log(`${label}… ${seconds} s`);
	}, SHOWN_AFTER_MS);
	try {
		return await work();
	} finally {
		clearInterval(timer);
		if (performance.now() - startedAt >= SHOWN_AFTER_MS) {
			console.log(`${isTerminal ? '\r' : ''}${label}… ${secondsSince(startedAt)} s`);
		}
	}
}
