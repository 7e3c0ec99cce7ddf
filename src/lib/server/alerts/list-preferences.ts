import { eq } from 'drizzle-orm';
import { alertKindsFor, isMailedByDefault, MAILED_ELSEWHERE } from '$lib/domain/alerts/preferences';
import type { AlertPreferenceView } from '$lib/views';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { alertPreferences } from '../db/schema/index';

/** How the caller is told of each kind that concerns them. */
export async function listAlertPreferences({
	ctx
}: {
	ctx: Context;
}): Promise<AlertPreferenceView[]> {
	const { userId, role } = requirePerson(ctx, 'alerts.read');
	const rows = await ctx.services.database.db
		.select()
		.from(alertPreferences)
		.where(eq(alertPreferences.userId, userId));
	return alertKindsFor(role).map((kind) => {
		const chosen = rows.find((row) => row.kind === kind);
		return {
			kind,
			isToasted: chosen?.isToasted ?? true,
			isMailed: MAILED_ELSEWHERE.includes(kind) || (chosen?.isMailed ?? isMailedByDefault(kind))
		};
	});
}
