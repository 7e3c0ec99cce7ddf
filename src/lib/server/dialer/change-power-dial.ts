import { eq } from 'drizzle-orm';
import type { ChangePowerDialInput } from '$lib/inputs';
import type { PowerDialState, PowerDialView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { powerDials } from '../db/schema/index';
import { AppError } from '../errors';
import { getPowerDial, lockPowerDial } from './power-dial-rows';

const AFTER = { pause: 'paused', resume: 'running', stop: 'stopped' } as const;

/** Pauses, resumes or stops going through a list. The same again changes nothing. */
export async function changePowerDial({
	ctx,
	input
}: {
	ctx: Context;
	input: ChangePowerDialInput;
}): Promise<PowerDialView> {
	const person = requirePerson(ctx, 'outcomes.write');
	const organizationId = requireOrganizationId(person, undefined);
	const owner = { organizationId, userId: person.userId };
	await ctx.services.database.db.transaction(async (tx) => {
		const dial = await lockPowerDial(tx, owner, input.powerDialId);
		const state: PowerDialState = AFTER[input.action];
		if (dial.state === state) return;
		if (dial.state === 'finished' || dial.state === 'stopped') {
			throw new AppError('conflict', 'This list is done. Start it anew.');
		}
		await tx
			.update(powerDials)
			.set({
				state,
				...(state === 'stopped' && { contactId: null }),
				updatedAt: new Date(ctx.nowMs)
			})
			.where(eq(powerDials.id, dial.id));
	});
	return getPowerDial(ctx.services.database.db, owner, input.powerDialId);
}
