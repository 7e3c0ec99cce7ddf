/** Runs work at once, and however often it is asked for meanwhile, once more after a pause. */
export function calmly(
	work: () => Promise<unknown>,
	pauseMs: number
): { ask: () => void; stop: () => void } {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let lastMs = 0;
	return {
		ask() {
			if (timer !== undefined) return;
			timer = setTimeout(
				() => {
					timer = undefined;
					lastMs = Date.now();
					void work();
				},
				Math.max(0, lastMs + pauseMs - Date.now())
			);
		},
		stop() {
			clearTimeout(timer);
			timer = undefined;
		}
	};
}
