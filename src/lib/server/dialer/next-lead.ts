import { eq } from 'drizzle-orm';
import type { NextLeadInput } from '$lib/inputs';
import type { PowerDialView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { powerDials } from '../db/schema/index';
import { AppError } from '../errors';
import { advancePowerDial } from './advance-power-dial';
import { getPowerDial, lockPowerDial } from './power-dial-rows';

/** Goes on to the next lead that may be called. Asked again with the same lead, it goes on once. */
export async function nextLead({
	ctx,
	input
}: {
	ctx: Context;
	input: NextLeadInput;
}): Promise<PowerDialView> {
	const person = requirePerson(ctx, 'outcomes.write');
	const organizationId = requireOrganizationId(person, undefined);
	const owner = { organizationId, userId: person.userId };
	await ctx.services.database.db.transaction(async (tx) => {
		const dial = await lockPowerDial(tx, owner, input.powerDialId);
		if (dial.contactId !== input.afterContactId) return;
		if (dial.state !== 'running') {
			throw new AppError('conflict', 'The list is not being called. Resume it first.');
		}
		if (input.isSkipped) {
			await tx
				.update(powerDials)
				.set({ skippedByAgent: dial.skippedByAgent + 1 })
				.where(eq(powerDials.id, dial.id));
			dial.skippedByAgent += 1;
		}
		await advancePowerDial(tx, ctx, dial);
	});
	return getPowerDial(ctx.services.database.db, owner, input.powerDialId);
}
