/** Demo data for an empty database: organisations, people, leads and first minutes. */
import { v7 as uuid } from 'uuid';
import { createServices, type Services } from '../services';
import { createOrganization } from '../organizations/create-organization';
import { createUser } from '../auth/create-user';
import { setGuard } from '../fraud/set-guard';
import { allocateMinutes } from '../minutes/allocate-minutes';
import { readConfig } from '../config';
import { createLog } from '../log';
import { contacts, leadListMembers, leadLists, organizations } from '../db/schema/index';
import type { Context } from '../context';
import { seedCampaigns } from './campaigns';
import { DemoClock } from './demo-clock';
import { seedHistory } from './history';
import { DEMO_LOGINS, type DemoLogin } from './logins';
import { DEMO_ORGANIZATIONS, type DemoOrganization } from './organizations';

/** When the demo begins: its campaign's calls come one after the other, and the last is over by now. */
const BEFORE_MS = 45 * 60_000;

/** Seeds only an empty database. Returns the logins either way. */
export async function seedDemoData(url: string): Promise<{ seeded: boolean; logins: DemoLogin[] }> {
	const config = readConfig({ DATABASE_URL: url, LOG_LEVEL: 'silent' });
	const clock = new DemoClock(Date.now() - BEFORE_MS);
	const log = createLog('silent');
	const services = createServices(config, { log, providers: {}, clock: () => clock.nowMs });
	try {
		return { seeded: await seedWith(services, clock), logins: DEMO_LOGINS };
	} finally {
		await services.close();
	}
}

async function seedWith(services: Services, clock: DemoClock): Promise<boolean> {
	const [existing] = await services.database.db
		.select({ id: organizations.id })
		.from(organizations)
		.limit(1);
	if (existing) return false;
	const ctx: Context = { caller: { kind: 'command_line' }, nowMs: services.clock(), services };
	const idByName = new Map<string, number>();
	for (const demo of DEMO_ORGANIZATIONS) idByName.set(demo.name, await seedOrganization(ctx, demo));
	for (const login of DEMO_LOGINS) {
		const { organization, ...person } = login;
		const organizationId = organization === null ? null : (idByName.get(organization) ?? null);
		await createUser({ ctx, input: { ...person, organizationId } });
	}
	await seedHistory(ctx, idByName);
	const withCampaigns = idByName.get('Asha Travels');
	if (withCampaigns !== undefined) await seedCampaigns(ctx, clock, withCampaigns);
	return true;
}

async function seedOrganization(ctx: Context, demo: DemoOrganization): Promise<number> {
	const { id } = await createOrganization({
		ctx,
		input: { name: demo.name, timezone: demo.timezone }
	});
	for (const grant of demo.grants) {
		await allocateMinutes({
			ctx,
			input: { requestId: uuid(), organizationId: id, ...grant }
		});
	}
	if (demo.countries) {
		await setGuard({ ctx, input: { organizationId: id, allowedCountries: demo.countries } });
	}
	const { db } = ctx.services.database;
	for (const list of demo.lists) {
		const leadListId = uuid();
		await db.insert(leadLists).values({ id: leadListId, organizationId: id, name: list.name });
		const people = list.leads.map((lead) => ({ id: uuid(), organizationId: id, ...lead }));
		await db.insert(contacts).values(people);
		await db.insert(leadListMembers).values(
			people.map((person, position) => ({
				organizationId: id,
				leadListId,
				contactId: person.id,
				position
			}))
		);
	}
	return id;
}
