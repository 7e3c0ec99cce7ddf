import { and, eq } from 'drizzle-orm';
import type { SetDispositionsInput } from '$lib/inputs';
import type { DispositionView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { dispositions, organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { readDispositions } from './disposition-rows';

/** Sets what is offered, and in which order. What is left out is no longer offered; old calls keep it. */
export async function setDispositions({
	ctx,
	input
}: {
	ctx: Context;
	input: SetDispositionsInput;
}): Promise<DispositionView[]> {
	const person = requirePerson(ctx, 'dispositions.write');
	const organizationId = requireOrganizationId(person, undefined);
	refuseTwins(input);
	return ctx.services.database.db.transaction(async (tx) => {
		// Two managers at once would otherwise each retire what the other has added.
		await tx
			.select({ id: organizations.id })
			.from(organizations)
			.where(eq(organizations.id, organizationId))
			.for('no key update');
		const before = await readDispositions(tx, organizationId, { withRetired: true });
		const byId = new Map(before.map((one) => [one.id, one]));
		for (const { id, kind } of input.dispositions) {
			if (id === undefined) continue;
			const known = byId.get(id);
			if (!known) throw new AppError('not_found', 'There is no such outcome.');
			// Old calls would mean something else all at once.
			if (known.kind !== kind) {
				const sentence = `What follows from "${known.label}" cannot change: add another outcome instead.`;
				throw new AppError('invalid', sentence, { dispositions: sentence });
			}
		}
		const own = eq(dispositions.organizationId, organizationId);
		await tx.update(dispositions).set({ isActive: false }).where(own);
		for (const [index, { id, kind, label }] of input.dispositions.entries()) {
			const offered = { label, position: index + 1, isActive: true };
			if (id === undefined) {
				await tx
					.insert(dispositions)
					.values({ ...offered, kind, organizationId, createdAt: new Date(ctx.nowMs) });
			} else {
				await tx
					.update(dispositions)
					.set(offered)
					.where(and(own, eq(dispositions.id, id)));
			}
		}
		const after = await readDispositions(tx, organizationId);
		await writeAudit(tx, ctx, {
			organizationId,
			action: 'dispositions.set',
			before: { dispositions: labelsOf(before.filter(({ isActive }) => isActive)) },
			after: { dispositions: labelsOf(after) }
		});
		return after;
	});
}

function labelsOf(all: DispositionView[]): string[] {
	return all.map(({ label }) => label);
}

function refuseTwins({ dispositions: asked }: SetDispositionsInput): void {
	const labels = asked.map(({ label }) => label.toLowerCase());
	const twin = asked.find(({ label }, index) => labels.indexOf(label.toLowerCase()) < index);
	if (!twin) return;
	const sentence = `There are two outcomes named "${twin.label}". Give one of them another name.`;
	throw new AppError('invalid', sentence, { dispositions: sentence });
}
