import { inArray } from 'drizzle-orm';
import { v5 as uuidOf } from 'uuid';
import type { GrantMinutesInput } from '$lib/inputs';
import type { GrantView } from '$lib/views';
import { actorOf, requirePermission } from '../authorize';
import type { Context } from '../context';
import { organizationCallMinutes } from '../db/schema/index';
import { AppError } from '../errors';
import { PRIORITY_DEFAULT } from './allocate-minutes';
import { selectMinutes } from './minutes-rows';

interface Granted {
	grantedMinutes: number;
	takenMinutes: number;
}

/**
 * Grants minutes to one or many organisations at once, or sets what they have left. Each organisation has
 * an allocation id made of the request's, so that the same request grants once to each.
 */
export async function grantMinutes({
	ctx,
	input
}: {
	ctx: Context;
	input: GrantMinutesInput;
}): Promise<GrantView[]> {
	requirePermission(ctx, 'minutes.allocate');
	const expiresAtMs = input.expiresAt === undefined ? null : Date.parse(input.expiresAt);
	if (expiresAtMs !== null && expiresAtMs <= ctx.nowMs) {
		const sentence = 'The expiry must be in the future.';
		throw new AppError('invalid', sentence, { expiresAt: sentence });
	}
	const ids = [...new Set(input.organizationIds)];
	await requireOrganizations(ctx, ids);
	const granted = await Promise.all(ids.map((id) => grantTo(ctx, id, input, expiresAtMs)));
	const after = await selectAll(ctx, ids);
	return ids.flatMap((organizationId, index) => {
		const [minutes, one] = [after.get(organizationId), granted[index]];
		if (!minutes || !one) return [];
		const allocationId = one.grantedMinutes > 0 ? idOf(input.requestId, organizationId) : null;
		return [{ organizationId, allocationId, ...one, minutes }];
	});
}

async function requireOrganizations(ctx: Context, ids: number[]): Promise<void> {
	const known = await selectAll(ctx, ids);
	const unknown = ids.find((id) => !known.has(id));
	if (unknown !== undefined) {
		throw new AppError('not_found', `organization_id ${unknown} names no organisation.`);
	}
}

async function selectAll(ctx: Context, ids: number[]) {
	const rows = await selectMinutes(ctx.services.database.db, ctx.nowMs).where(
		inArray(organizationCallMinutes.organizationId, ids)
	);
	return new Map(rows.map((row) => [row.organizationId, row]));
}

async function grantTo(
	ctx: Context,
	organizationId: number,
	{ requestId, mode, minutes, reason, priority }: GrantMinutesInput,
	expiresAtMs: number | null
): Promise<Granted> {
	const grant = {
		allocationId: idOf(requestId, organizationId),
		organizationId,
		reason,
		priority: priority ?? PRIORITY_DEFAULT,
		expiresAtMs,
		actor: actorOf(ctx)
	};
	const { lane } = ctx.services;
	if (mode === 'add') {
		await lane.submit({ kind: 'allocate', minutes, ...grant });
		return { grantedMinutes: minutes, takenMinutes: 0 };
	}
	const result = await lane.submit({ kind: 'set_remaining', remainingMinutes: minutes, ...grant });
	if (result.kind !== 'set') throw new AppError('conflict', 'requestId is already in use.');
	const { grantedMinutes, takenMinutes } = result;
	return { grantedMinutes, takenMinutes };
}

function idOf(requestId: string, organizationId: number): string {
	return uuidOf(String(organizationId), requestId);
}
