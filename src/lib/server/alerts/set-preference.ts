import { alertKindsFor } from '$lib/domain/alerts/preferences';
import type { AlertPreferenceInput } from '$lib/inputs';
import type { AlertPreferenceView } from '$lib/views';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { alertPreferences } from '../db/schema/index';
import { AppError } from '../errors';

/** A person's own choice of how to be told of one kind. */
export async function setAlertPreference({
	ctx,
	input
}: {
	ctx: Context;
	input: AlertPreferenceInput;
}): Promise<AlertPreferenceView> {
	const { userId, role } = requirePerson(ctx, 'alerts.read');
	if (!alertKindsFor(role).includes(input.kind)) {
		throw new AppError('forbidden', 'Your role is not told of this.');
	}
	const { isToasted, isMailed } = input;
	await ctx.services.database.db
		.insert(alertPreferences)
		.values({ userId, ...input })
		.onConflictDoUpdate({
			target: [alertPreferences.userId, alertPreferences.kind],
			set: { isToasted, isMailed }
		});
	return input;
}
