import { CSV_BOM, CSV_LINE_END, toCsvLine } from '$lib/domain/csv/cells';
import { DEFINITIONS } from '$lib/domain/analytics/definitions';
import type { AnalyticsScope } from '../analytics/analytics-period';
import type { Context } from '../context';

/**
 * What stands above the columns: whose file it is, its days and their zone, its filter and where its
 * words are explained. Each line begins with `#`, which readers of CSV know to skip.
 */
export async function exportHead(
	ctx: Context,
	scope: AnalyticsScope,
	about: { title: string; filter: string; words: string[]; columns: string[] }
): Promise<Uint8Array> {
	const { sql } = ctx.services.database;
	const [organization] = await sql<{ name: string }[]>`
		select name from organizations where id = ${scope.organizationId}`;
	const { start, end } = scope.period;
	const { window } = scope;
	const period = window
		? `${new Date(window.fromMs).toISOString()} to ${new Date(window.toMs).toISOString()}`
		: `${start} to ${end}, days of ${scope.timezone}`;
	const notes = [
		`Talktime ${about.title} of ${plainText(organization?.name ?? '')}`,
		`Period: ${period}`,
		`Times and days: the clock of ${scope.timezone}, with its distance from UTC`,
		`Filter: ${plainText(about.filter) || 'none'}`,
		`Made: ${new Date(ctx.nowMs).toISOString()}`,
		`Definitions: ${ctx.services.config.origin}/definitions`,
		...DEFINITIONS.filter(({ id }) => about.words.includes(id)).map(
			({ term, text, formula }) => `${term}: ${text}${formula ? ` (${formula})` : ''}`
		),
		'Cells that a spreadsheet could run begin with an apostrophe: take one away to read them'
	];
	const head = CSV_BOM + notes.map(noteLine).join('') + toCsvLine(about.columns);
	return new TextEncoder().encode(head);
}

/** A line for people, as readers of CSV skip it: without quotes, or they would take it for a cell. */
export function noteLine(note: string): string {
	return `# ${note.replace(/\s+/g, ' ')}${CSV_LINE_END}`;
}

/** A text that somebody else gave, without what would begin another cell in a spreadsheet. */
export function plainText(text: string): string {
	return text.replace(/[",;\s]+/g, ' ');
}
