import { eq, sql } from 'drizzle-orm';
import type { CallSettingsInput } from '$lib/inputs';
import type { CallSettingsView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { organizations, recordings } from '../db/schema/index';
import { AppError } from '../errors';

const SETTINGS = {
	recordsCalls: organizations.recordsCalls,
	recordingRetentionDays: organizations.recordingRetentionDays,
	detectsMachines: organizations.detectsMachines
};

/**
 * Whether an organisation's calls are recorded and for how long, and whether machines are told from
 * people. A new retention holds for the recordings that are there, too.
 */
export async function setCallSettings({
	ctx,
	input
}: {
	ctx: Context;
	input: CallSettingsInput;
}): Promise<CallSettingsView> {
	const person = requirePerson(ctx, 'calls.settings');
	const { organizationId: namedId, ...wanted } = input;
	const organizationId = requireOrganizationId(person, namedId);
	return ctx.services.database.db.transaction(async (tx) => {
		const isOurs = eq(organizations.id, organizationId);
		const [before] = await tx.select(SETTINGS).from(organizations).where(isOurs).for('update');
		if (!before) throw new AppError('not_found', 'organization_id names no organisation.');
		const [after = before] = await tx
			.update(organizations)
			.set(wanted)
			.where(isOurs)
			.returning(SETTINGS);
		if (after.recordingRetentionDays !== before.recordingRetentionDays) {
			const days = after.recordingRetentionDays;
			await tx
				.update(recordings)
				.set({ deleteAfter: sql`${recordings.storedAt} + make_interval(days => ${days})` })
				.where(
					sql`${recordings.organizationId} = ${organizationId} and ${recordings.state} = 'stored'`
				);
		}
		const action = 'organization.call_settings';
		await writeAudit(tx, ctx, { organizationId, action, before, after });
		return after;
	});
}
