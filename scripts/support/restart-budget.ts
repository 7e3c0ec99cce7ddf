const RESTART_LIMIT = 5;
const WINDOW_MS = 60_000;
const FIRST_PAUSE_MS = 500;

/** How long to pause before the next restart; null once there were five within a minute. */
export class RestartBudget {
	#restartedAtMs: number[] = [];

	takePauseMs(nowMs: number): number | null {
		this.#restartedAtMs = this.#restartedAtMs.filter((atMs) => nowMs - atMs < WINDOW_MS);
		if (this.#restartedAtMs.length >= RESTART_LIMIT) return null;
		const pauseMs = FIRST_PAUSE_MS * 2 ** this.#restartedAtMs.length;
		this.#restartedAtMs.push(nowMs);
		return pauseMs;
	}
}
