import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPersonBySession } from '$lib/server/auth/find-person';
import { createFirstAdmin } from '$lib/server/setup/create-first-admin';
import { getSetupChecklist } from '$lib/server/setup/get-setup-checklist';
import { isSetUp } from '$lib/server/setup/is-set-up';
import { offerSetup } from '$lib/server/setup/offer-setup';
import { House } from '../support/house';

const from = { address: '203.0.113.7', userAgent: null };
const ADMIN = { name: 'Ada', email: 'ada@talktime.test', password: 'plum lantern orbit' };

let house: House;
beforeAll(async () => {
	house = await House.open();
});
afterAll(() => house.close());

const tokenOf = (link: string | null) => new URL(link ?? '').searchParams.get('token') ?? '';
const create = (token: string, changes = {}) =>
	createFirstAdmin({
		ctx: house.context({ kind: 'anonymous' }),
		input: { token, ...ADMIN, ...changes },
		from
	});

describe('the first run', () => {
	it('given an empty database and two processes, when one of their links is used, then there is one super admin and both are void', async () => {
		const other = await house.openServices();
		expect(await isSetUp(house.services)).toBe(false);
		const tokens = [tokenOf(await offerSetup(house.services)), tokenOf(await offerSetup(other))];
		expect(new Set(tokens).size).toBe(2);
		await expect(create('made-up')).rejects.toMatchObject({ code: 'forbidden' });
		await expect(create(tokens[0] ?? '', { password: 'password1234' })).rejects.toMatchObject({
			code: 'invalid'
		});
		expect(await isSetUp(house.services)).toBe(false);

		const answers = await Promise.allSettled(
			tokens.map((token, index) => create(token, { email: `ada${index}@talktime.test` }))
		);
		expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
		const admins = await house.sql`select email from users where role = 'super_admin'`;
		expect(admins).toHaveLength(1);
		expect(await house.sql`select 1 from setup_tokens`).toEqual([]);
		for (const services of [house.services, other]) {
			expect(await isSetUp(services)).toBe(true);
			expect(await offerSetup(services)).toBeNull();
		}
		const made = answers.find((answer) => answer.status === 'fulfilled');
		expect(await findPersonBySession(house.services, made?.value.value ?? '')).toMatchObject({
			person: { role: 'super_admin', organizationId: null }
		});
	});

	it('given a new platform, when things are put in place, then the checklist ticks them', async () => {
		const read = async () => {
			const { origin: _origin, ...ticks } = await getSetupChecklist({ ctx: house.commandLine() });
			return Object.entries(ticks).flatMap(([name, isDone]) => (isDone ? [name] : []));
		};
		expect(await read()).toEqual(['hasProvider']);
		const tenant = await house.createTenant();
		expect(await read()).toEqual(['hasProvider', 'hasOrganization', 'hasPeople']);
		await house.allocate(tenant.id, 5);
		expect(await read()).toContain('hasMinutes');
	});
});
