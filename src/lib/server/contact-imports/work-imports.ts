/**
 * The worker's part of imports. Whoever works one holds a lease on it and renews it with every chunk, in the
 * chunk's own transaction; a chunk is written whole with how far the import is, or not at all. So a worker that
 * dies is followed by another that goes on at the first row that is not there yet.
 */
import type { Context } from '../context';
import { bringIn } from './bring-in';
import { takeOut } from './take-out';

export interface Lease {
	importId: string;
	organizationId: number;
	/** Moment until which the lease is held from now on, as the database takes it. */
	until(): string;
	/** Asked between two chunks: somebody wants to stop. */
	isStopping(): boolean;
}

const LEASE_MS = 30_000;

/** Works one import, or all that nobody works. */
export async function workImports({
	ctx,
	input = {},
	signal
}: {
	ctx: Context;
	input?: { importId?: string };
	signal?: AbortSignal;
}): Promise<void> {
	const { sql } = ctx.services.database;
	const open = await sql<{ id: string }[]>`
		select id from contact_imports where state in ('running', 'undoing')
			${input.importId ? sql`and id = ${input.importId}` : sql``} order by started_at`;
	for (const { id } of open) {
		if (signal?.aborted) return;
		await workOne(ctx, id, signal);
	}
}

async function workOne(ctx: Context, importId: string, signal?: AbortSignal): Promise<void> {
	const { services } = ctx;
	const { sql } = services.database;
	const moment = (fromNowMs: number) => new Date(services.clock() + fromNowMs).toISOString();
	const [taken] = await sql<{ organization_id: number; state: 'running' | 'undoing' }[]>`
		update contact_imports set lease_until = ${moment(LEASE_MS)}
		where id = ${importId} and state in ('running', 'undoing')
			and (lease_until is null or lease_until < ${moment(0)})
		returning organization_id, state`;
	if (!taken) return;
	const lease: Lease = {
		importId,
		organizationId: taken.organization_id,
		until: () => moment(LEASE_MS),
		isStopping: () => signal?.aborted ?? false
	};
	try {
		await (taken.state === 'running' ? bringIn(ctx, lease) : takeOut(ctx, lease));
	} finally {
		await sql`update contact_imports set lease_until = null where id = ${importId}`.catch(() => {});
	}
	// Whoever wanted the undo while it was brought in has it now.
	const [left] = await sql<
		{ state: string }[]
	>`select state from contact_imports where id = ${importId}`;
	if (taken.state === 'running' && left?.state === 'undoing') await workOne(ctx, importId, signal);
}
