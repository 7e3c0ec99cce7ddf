import type { PlatformSettingsInput } from '$lib/inputs';
import type { PlatformSettingsView, SalesContactView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { writeOnce } from '../db/prepared';
import { platformSettings } from '../db/schema/index';

const settingsRow = writeOnce((db: Pick<Database, 'select'>) =>
	db.select().from(platformSettings).prepare('platform_settings')
);

/** Whom people of an organisation without a contact of its own are told to ask. */
export async function platformSalesContact(ctx: Context): Promise<SalesContactView> {
	const [row] = await settingsRow(ctx.services.database.quick).execute();
	return toPlatformContact(ctx, row);
}

/** @param row what is set, if anything is; the environment says the rest */
export function toPlatformContact(
	ctx: Context,
	row: { salesEmail: string | null; salesPhone: string | null } | null | undefined
): SalesContactView {
	const { salesEmail, salesPhone } = ctx.services.config;
	return { email: row?.salesEmail ?? salesEmail, phone: row?.salesPhone ?? salesPhone };
}

/** What is set for the whole platform, and what the environment says where nothing is set. */
export async function getPlatformSettings({
	ctx
}: {
	ctx: Context;
}): Promise<PlatformSettingsView> {
	requirePermission(ctx, 'settings.write');
	const { config, database } = ctx.services;
	const [row] = await settingsRow(database.quick).execute();
	return {
		salesEmail: row?.salesEmail ?? null,
		salesPhone: row?.salesPhone ?? null,
		defaults: { email: config.salesEmail, phone: config.salesPhone },
		sendsMail: config.smtpUrl !== null
	};
}

/** Sets the platform's sales contact. Null: as the environment says. */
export async function setPlatformSettings({
	ctx,
	input
}: {
	ctx: Context;
	input: PlatformSettingsInput;
}): Promise<PlatformSettingsView> {
	requirePermission(ctx, 'settings.write');
	const { db } = ctx.services.database;
	await db.transaction(async (tx) => {
		await tx.insert(platformSettings).values({}).onConflictDoNothing();
		const [before] = await tx
			.select({
				salesEmail: platformSettings.salesEmail,
				salesPhone: platformSettings.salesPhone
			})
			.from(platformSettings)
			.for('update');
		await tx.update(platformSettings).set({ ...input, updatedAt: new Date(ctx.nowMs) });
		const action = 'platform.set_sales_contact';
		await writeAudit(tx, ctx, {
			organizationId: null,
			action,
			...(before && { before }),
			after: input
		});
	});
	return getPlatformSettings({ ctx });
}
