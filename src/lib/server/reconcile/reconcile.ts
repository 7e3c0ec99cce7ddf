import type { Context } from '../context';
import { requirePermission } from '../authorize';
import { INVARIANTS } from './invariants';

export interface InvariantReport {
	name: string;
	ok: boolean;
	/** One sentence per breach, the first hundred. */
	breaches: string[];
}

const BREACHES_MAX = 100;

/** Checks every invariant on one snapshot, so that calls under way do not look like breaches. */
export async function reconcile({
	ctx
}: {
	ctx: Context;
}): Promise<{ ok: boolean; invariants: InvariantReport[] }> {
	requirePermission(ctx, 'fleet.read');
	const invariants = await ctx.services.database.sql.begin(
		'isolation level repeatable read read only',
		async (tx) => {
			const reports: InvariantReport[] = [];
			for (const { name, query } of INVARIANTS) {
				// Materialised: a limit the planner can see would make it join row by row.
				const rows = await tx.unsafe<{ breach: string }[]>(
					`with breaches as materialized (${query}) select breach from breaches limit ${BREACHES_MAX}`
				);
				reports.push({ name, ok: rows.length === 0, breaches: rows.map((row) => row.breach) });
			}
			return reports;
		}
	);
	return { ok: invariants.every((invariant) => invariant.ok), invariants };
}
