import { loadHistory } from '$lib/server/analytics/load-history';
import type { CommandLine } from '../command';
import { wholeNumber } from '../options';

export const historyCommands: CommandLine[] = [
	{
		words: ['load-history'],
		usage: 'load-history --org N --calls N --days D',
		summary: 'load synthetic calls of past days, for demos and measuring',
		required: ['org', 'calls', 'days'],
		optional: [],
		async run(ctx, values) {
			const input = {
				organizationId: wholeNumber('org', values.org),
				calls: wholeNumber('calls', values.calls),
				days: wholeNumber('days', values.days)
			};
			const startedAt = performance.now();
			const loaded = await loadHistory({
				ctx,
				input,
				onProgress: (count) => {
					if (process.stderr.isTTY) process.stderr.write(`\r${count} calls`);
				}
			});
			const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
			return {
				line: `Loaded ${loaded.calls} calls from ${loaded.firstDay} to ${loaded.lastDay} in ${seconds} s.`,
				json: loaded
			};
		}
	}
];
