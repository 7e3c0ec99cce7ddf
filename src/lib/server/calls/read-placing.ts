/** What stands in the database about a call before it is placed, in one read. */
import { eq, exists, sql } from 'drizzle-orm';
import { DEFAULT_RATE } from '$lib/domain/credit/rating';
import type { CallerId } from '$lib/domain/providers/caller-id';
import { barRow } from '../contacts/create-contact';
import { holderRow } from '../contacts/lookup-contact';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { writeOnce } from '../db/prepared';
import { organizations, platformSettings } from '../db/schema/index';
import { tariffOf, tariffRow } from '../wallet/find-rate';
import { callerIdRows } from './find-caller-id';

export type Placing = NonNullable<Awaited<ReturnType<typeof readPlacing>>>;

/**
 * The organisation, who has the number in it, whether the number may not be called, the caller ids to choose
 * from, the rate, and the sales contact of the platform.
 * @returns null when there is no such organisation
 */
export async function readPlacing(ctx: Context, organizationId: number, e164: string) {
	const [found] = await placingOf(ctx.services.database.quick).execute({
		organizationId,
		phone: e164,
		...tariffOf(e164, ctx.nowMs)
	});
	if (!found) return null;
	return { ...found, rate: found.rate ?? DEFAULT_RATE };
}

const placingOf = writeOnce((db: Pick<Database, 'select'>) => {
	const holder = holderRow(db).as('holder');
	const rate = tariffRow(db).as('rate');
	return db
		.select({
			organization: {
				name: organizations.name,
				country: organizations.country,
				defaultProvider: organizations.defaultProvider,
				providerFallbacks: organizations.providerFallbacks,
				recordsCalls: organizations.recordsCalls,
				detectsMachines: organizations.detectsMachines,
				salesEmail: organizations.salesEmail,
				salesPhone: organizations.salesPhone
			},
			contact: {
				id: holder.contact.id,
				name: holder.contact.name,
				doNotCall: holder.contact.doNotCall
			},
			isBarred: sql<boolean>`${exists(barRow(db))}`,
			callerIds: sql<CallerId[]>`(select coalesce(json_agg(json_build_object(
				'organizationId', c.organization_id, 'provider', c.provider, 'number', c.number,
				'country', c.country)), '[]') from ${callerIdRows(db)} c)`,
			rate: {
				prefix: rate.prefix,
				perMinuteMicros: rate.perMinuteMicros,
				initialSeconds: rate.initialSeconds,
				incrementSeconds: rate.incrementSeconds
			},
			platform: { salesEmail: platformSettings.salesEmail, salesPhone: platformSettings.salesPhone }
		})
		.from(organizations)
		.leftJoinLateral(holder, sql`true`)
		.leftJoinLateral(rate, sql`true`)
		.leftJoin(platformSettings, sql`true`)
		.where(eq(organizations.id, sql.placeholder('organizationId')))
		.prepare('placing_of');
});
