/**
 * Bugs that are put into the lane from the outside, each to be found by the simulation. The product knows
 * nothing of them: they wrap `decide`, change what it is told and what it says, or change a statement on
 * its way to Postgres.
 */
import type { decide } from '$lib/domain/lane/decide';
import { DECISION_BUGS } from './planted-decisions';

export type Decide = typeof decide;

export interface PlantedBug {
	name: string;
	/** What it does wrong, in a line. */
	does: string;
	/** The cheapest tier that can find it. */
	tier: 'pure' | 'postgres';
	decide?: (real: Decide) => Decide;
	/** Changes a statement of the lane. */
	rewrite?: (text: string) => string;
	/** Deliveries are not claimed by their key. */
	forgetsDeliveries?: true;
	/** Answers before it commits, and then does not. */
	forgetsCommits?: true;
}

const STATEMENT_BUGS: PlantedBug[] = [
	{
		name: 'no lock',
		does: 'reads credit without locking it, so that two lanes spend the same minutes',
		tier: 'postgres',
		rewrite: (text) => text.replace(/ for update of \w+(, \w+)*/, '')
	},
	{
		name: 'delivery keys stored wrongly',
		does: 'stores each delivery under a key of its own, so that a repeated one is applied again',
		tier: 'postgres',
		rewrite: (text) =>
			text.includes('insert into deliveries')
				? text.replace('provider, "dedupeKey",', `provider, "dedupeKey" || ':' || id,`)
				: text
	},
	{
		name: 'lost write of the wallet',
		does: 'writes all tables of a batch but the wallet',
		tier: 'postgres',
		rewrite: (text) =>
			text.replace(
				'update call_balance b set balance = r."balanceMicros",',
				'update call_balance b set'
			)
	},
	{
		name: 'repaid debt not stored',
		does: 'inserts debts, but does not update them when they are paid',
		tier: 'postgres',
		rewrite: (text) =>
			text.replace(
				/on conflict \(id\) do update set remaining_minutes[^]*?= excluded\.remaining_amount/,
				'on conflict (id) do nothing'
			)
	},
	{
		name: 'answered before committed',
		does: 'answers when the work is done, and rolls back',
		tier: 'postgres',
		forgetsCommits: true
	}
];

export const PLANTED_BUGS: PlantedBug[] = [...DECISION_BUGS, ...STATEMENT_BUGS];
