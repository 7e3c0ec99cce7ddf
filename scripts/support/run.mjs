import { spawn } from 'node:child_process';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * Runs a Node script to its end in a process group of its own, keeping what it prints.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Promise<{ exitCode: number, output: string }>}
 */
export function runNode(args, environment = process.env) {
	return new Promise((resolve) => {
		const child = spawn(process.execPath, args, {
			detached: true,
			env: environment,
			stdio: ['ignore', 'pipe', 'pipe']
		});
		running.add(child);
		let output = '';
		const keep = (/** @type {Buffer} */ chunk) => (output += chunk.toString('utf8'));
		child.stdout.on('data', keep);
		child.stderr.on('data', keep);
		child.once('error', (error) => resolve({ exitCode: 1, output: error.message }));
		child.once('close', (code) => {
			running.delete(child);
			resolve({ exitCode: code ?? 1, output });
		});
	});
}

/** Ends what `runNode` started, with everything below it. */
export function killRunning() {
	for (const { pid } of running) {
		try {
			if (pid) process.kill(-pid, 'SIGTERM');
		} catch {
			// It ended in the meantime.
		}
	}
}
