import path from 'node:path';
import { ChildService } from '../../scripts/support/child-service';
import { choosePort } from '../../scripts/support/port.mjs';
import { describeWebApp } from '../../scripts/support/services';

/** Another process of the built app on the same database, with settings of its own; it runs no jobs. */
export async function startSecondApp(
	databaseUrl: string,
	env: Record<string, string>
): Promise<{ address: string; logFile: string; stop(): Promise<void> }> {
	const port = await choosePort();
	const logFile = path.resolve('test-results/logs', `second-app-${port}.log`);
	const app = await ChildService.start(
		describeWebApp({
			host: '127.0.0.1',
			port,
			isDevelopment: false,
			env: { ...process.env, DATABASE_URL: databaseUrl, TALKTIME_WORKER: '0', ...env },
			logFile
		})
	);
	return { address: `http://127.0.0.1:${port}`, logFile, stop: () => app.stop() };
}
