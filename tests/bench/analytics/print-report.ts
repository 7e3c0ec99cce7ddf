import type { Times } from './measure';
import type { AnalyticsReport } from './run';

interface Line {
	name: string;
	value: string;
	target: string;
	isMet: boolean;
}

export function linesOf(report: AnalyticsReport): Line[] {
	const { analytics, rawMs, export: file, callbacks } = report;
	const ratio = rawMs / analytics.p95Ms;
	const perTwoMillion = (file.seconds / file.rows) * 2_000_000;
	return [
		timed('analytics of 365 days', analytics, 25),
		{
			name: 'the same from raw calls',
			value: `${rawMs.toFixed(0)} ms, ${ratio.toFixed(0)} times as long`,
			target: '≥ 20 times',
			isMet: ratio >= 20
		},
		...report.pages.map(([name, times]) => timed(`page: ${name}`, times, 20)),
		{
			name: 'first byte of the CSV',
			value: `${file.firstByteMs.toFixed(0)} ms`,
			target: '≤ 200 ms',
			isMet: file.firstByteMs <= 200
		},
		{
			name: 'whole CSV',
			value: `${file.rows.toLocaleString('en')} rows, ${file.megabytes.toFixed(0)} MB in ${file.seconds.toFixed(1)} s (2,000,000 in ${perTwoMillion.toFixed(1)} s)`,
			target: '2,000,000 in ≤ 10 s',
			isMet: perTwoMillion <= 10
		},
		{
			name: 'memory of the app meanwhile',
			value: `+${file.grownMegabytes.toFixed(0)} MB`,
			target: '≤ 64 MB',
			isMet: file.grownMegabytes <= 64
		},
		{
			name: 'callbacks applied meanwhile',
			value: `${callbacks.whileExporting.toFixed(0)}/s instead of ${callbacks.aloneWith.toFixed(0)}/s, ${(callbacks.lost * 100).toFixed(0)} % lost`,
			target: '≤ 10 %',
			isMet: callbacks.lost <= 0.1
		}
	];
}

export function formatAnalyticsReport(report: AnalyticsReport): string {
	const head = `${report.calls.toLocaleString('en')} calls, ${report.inFirst.toLocaleString('en')} in one organisation over 365 days, loaded in ${report.loadSeconds} s`;
	const lines = linesOf(report).map(
		({ name, value, target, isMet }) =>
			`${isMet ? 'met   ' : 'missed'}  ${name.padEnd(30)} ${value.padEnd(60)} ${target}`
	);
	return [head, ...lines].join('\n');
}

function timed(name: string, times: Times, targetMs: number): Line {
	const value = `p50 ${times.p50Ms.toFixed(1)} ms, p95 ${times.p95Ms.toFixed(1)} ms, longest ${times.maxMs.toFixed(0)} ms, first ${times.firstMs.toFixed(0)} ms`;
	return { name, value, target: `p95 ≤ ${targetMs} ms`, isMet: times.p95Ms <= targetMs };
}
