import { writeFileSync } from 'node:fs';
import { reconcile } from '$lib/server/reconcile/reconcile';
import { exportJournal } from '$lib/server/wallet/export-journal';
import type { CommandLine } from '../command';

export const booksCommands: CommandLine[] = [
	{
		words: ['export', 'journal'],
		usage: 'export journal [--file F]',
		summary: "every entry in hledger's journal format",
		required: [],
		optional: ['file'],
		async run(ctx, values) {
			const chunks: string[] = [];
			for await (const chunk of exportJournal({ ctx })) chunks.push(chunk);
			const journal = chunks.join('');
			if (values.file === undefined) return { line: journal.trimEnd(), json: { journal } };
			writeFileSync(values.file, journal);
			return { line: `Wrote the journal to ${values.file}.`, json: { file: values.file } };
		}
	},
	{
		words: ['reconcile'],
		usage: 'reconcile',
		summary: 'check every invariant of the books; exit 1 on a breach',
		required: [],
		optional: [],
		async run(ctx) {
			const report = await reconcile({ ctx });
			const lines = report.invariants.flatMap(({ name, ok, breaches }) => [
				`${ok ? 'ok    ' : 'BREACH'}  ${name}`,
				...breaches.map((breach) => `        ${breach}`)
			]);
			return { line: lines.join('\n'), json: report, exitCode: report.ok ? 0 : 1 };
		}
	}
];
