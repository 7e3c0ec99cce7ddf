import { setTimeout as delay } from 'node:timers/promises';
import { capitalize, ChildService, type ChildSpec } from './child-service';
import { RestartBudget } from './restart-budget';

export interface Supervised {
	stop(hurry?: AbortSignal): Promise<void>;
}

/**
 * Starts a child and keeps it running: a child that ends later is started again with growing pauses;
 * after five restarts within a minute `giveUp` is called with one line.
 */
export async function supervise(
	spec: ChildSpec,
	giveUp: (line: string) => void
): Promise<Supervised> {
	const budget = new RestartBudget();
	let isStopping = false;
	let service = await ChildService.start(spec);

	async function keepRunning(): Promise<void> {
		for (;;) {
			const reason = await service.ended;
			if (isStopping) return;
			const pauseMs = budget.takePauseMs(performance.now());
			const name = capitalize(spec.name);
			if (pauseMs === null) {
				return giveUp(`${name} keeps ending (${reason}); giving up.${service.readLogEnd()}`);
			}
			console.error(`${name} ended unexpectedly (${reason}); starting it again.`);
			await delay(pauseMs);
			if (isStopping) return;
			service = ChildService.spawn(spec);
		}
	}
	void keepRunning();

	return {
		stop(hurry) {
			isStopping = true;
			return service.stop(hurry);
		}
	};
}
