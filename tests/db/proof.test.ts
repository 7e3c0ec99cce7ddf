import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findPersonBySession } from '$lib/server/auth/find-person';
import { hashPassword } from '$lib/server/auth/passwords';
import { provePerson } from '$lib/server/auth/prove-person';
import { signIn } from '$lib/server/auth/sign-in';
import type { Context, Person } from '$lib/server/context';
import { adjustWallet } from '$lib/server/wallet/adjust-wallet';
import { House, type Tenant } from '../support/house';

const PASSWORD = 'correct horse battery';
const SUDO_SECONDS = 600;

let house: House;
let passwordHash: string;
let admin: Person;
let tenant: Tenant;
let sessionId: string;

beforeAll(async () => {
	house = await House.open({ providers: {} });
	passwordHash = await hashPassword(PASSWORD);
});
beforeEach(async () => {
	tenant = await house.createTenant({ dollars: '1' });
	admin = await house.createPerson('super_admin', null, passwordHash);
	const result = await signIn({
		ctx: house.context({ kind: 'anonymous' }),
		input: { email: admin.email, password: PASSWORD, address: '203.0.113.7', userAgent: 'Firefox' }
	});
	if (!result.ok) throw new Error(result.message);
	sessionId = result.sessionCookie.value;
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

/** As the web process makes it of a request with the cookie. */
async function withCookie(): Promise<Context> {
	const found = await findPersonBySession(house.services, sessionId);
	if (!found) throw new Error('The session is over.');
	const { publicId, provedAt } = found.session;
	const session = { id: publicId, provedAtMs: provedAt.getTime() };
	return house.context({ kind: 'person', person: found.person, session });
}

function adjust(ctx: Context): Promise<unknown> {
	const input = { requestId: uuid(), organizationId: tenant.id, amount: '5', reason: 'for a test' };
	return adjustWallet({ ctx, input });
}

describe('what asks for a fresh proof', () => {
	it('given a session just signed in, when a wallet is adjusted, then it is done', async () => {
		await adjust(await withCookie());
		expect(await house.wallet(tenant.id)).toMatchObject({ balance: '6' });
	});

	it('given a session signed in ten minutes ago, when a wallet is adjusted, then it is refused, and done after the password', async () => {
		house.clock.advanceSeconds(SUDO_SECONDS);
		await expect(adjust(await withCookie())).rejects.toMatchObject({ code: 'sudo_required' });
		expect(await house.wallet(tenant.id)).toMatchObject({ balance: '1' });

		await provePerson({ ctx: await withCookie(), input: { password: PASSWORD } });
		await adjust(await withCookie());
		house.clock.advanceSeconds(SUDO_SECONDS - 1);
		await adjust(await withCookie());
		expect(await house.wallet(tenant.id)).toMatchObject({ balance: '11' });
		house.clock.advanceSeconds(1);
		await expect(adjust(await withCookie())).rejects.toMatchObject({ code: 'sudo_required' });
	});

	it('given an API token of the same person, when a wallet is adjusted, then it is refused and cannot be proved', async () => {
		await expect(adjust(house.asProgram(admin))).rejects.toMatchObject({ code: 'forbidden' });
		const input = { password: PASSWORD };
		await expect(provePerson({ ctx: house.asProgram(admin), input })).rejects.toMatchObject({
			code: 'forbidden'
		});
		expect(await house.wallet(tenant.id)).toMatchObject({ balance: '1' });
	});

	it('given a proof in one session, when another session of the person adjusts, then it proves for itself', async () => {
		house.clock.advanceSeconds(SUDO_SECONDS);
		await provePerson({ ctx: await withCookie(), input: { password: PASSWORD } });
		const [other] = await house.sql<{ id: string }[]>`
			insert into sessions (id_hash, user_id, expires_at, proved_at)
			values (${uuid()}, ${admin.userId}, now() + interval '1 day', '2026-11-01') returning id`;
		const session = { id: other?.id ?? '', provedAtMs: Date.parse('2026-11-01') };
		const ctx = house.context({ kind: 'person', person: admin, session });
		await expect(adjust(ctx)).rejects.toMatchObject({ code: 'sudo_required' });
	});

	it('given wrong passwords, when they go on, then the session waits, even with the right one', async () => {
		house.clock.advanceSeconds(SUDO_SECONDS);
		const ctx = await withCookie();
		for (let guess = 0; guess < 6; guess++) {
			await expect(provePerson({ ctx, input: { password: 'wrong' } })).rejects.toMatchObject({
				code: 'invalid',
				fields: { password: 'The password is wrong.' }
			});
		}
		const right = { ctx, input: { password: PASSWORD } };
		await expect(provePerson(right)).rejects.toMatchObject({ code: 'too_many_requests' });
		await expect(adjust(ctx)).rejects.toMatchObject({ code: 'sudo_required' });
		house.clock.advanceSeconds(2);
		await provePerson(right);
		await adjust(await withCookie());
	});
});
