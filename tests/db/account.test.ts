import { Secret, TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changePassword } from '$lib/server/account/change-password';
import { endSession } from '$lib/server/account/end-session';
import { getAccount } from '$lib/server/account/get-account';
import { confirmTotp, removeTotp, startTotp } from '$lib/server/account/totp-setup';
import { findPersonBySession } from '$lib/server/auth/find-person';
import { hashPassword } from '$lib/server/auth/passwords';
import { provePerson } from '$lib/server/auth/prove-person';
import { requestPasswordReset } from '$lib/server/auth/request-password-reset';
import { findPasswordReset, resetPassword } from '$lib/server/auth/reset-password';
import { signIn } from '$lib/server/auth/sign-in';
import type { Context, Person } from '$lib/server/context';
import { House, type Tenant } from '../support/house';

const PASSWORD = 'correct horse battery';
const NEW_PASSWORD = 'plum lantern orbit';
const HOME = '203.0.113.7';

let house: House;
let passwordHash: string;
let tenant: Tenant;
let person: Person;

beforeAll(async () => {
	house = await House.open({ providers: {} });
	passwordHash = await hashPassword(PASSWORD);
});
beforeEach(async () => {
	tenant = await house.createTenant();
	person = await house.createPerson('agent', tenant, passwordHash);
	await house.sql`delete from sign_in_throttle`;
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

interface Try {
	password?: string;
	address?: string;
	code?: string;
	device?: string;
}

function trySignIn({ password = PASSWORD, address = HOME, ...rest }: Try = {}) {
	const ctx = house.context({ kind: 'anonymous' });
	const input = { email: person.email, password, address, userAgent: 'Firefox', ...rest };
	return signIn({ ctx, input });
}

async function signInRight(given: Try = {}) {
	const result = await trySignIn(given);
	if (!result.ok) throw new Error(result.message);
	return { sessionId: result.sessionCookie.value, device: result.device };
}

async function withSession(sessionId: string): Promise<Context> {
	const found = await findPersonBySession(house.services, sessionId);
	if (!found) throw new Error('The session is over.');
	const { publicId, provedAt } = found.session;
	const session = { id: publicId, provedAtMs: provedAt.getTime() };
	return house.context({ kind: 'person', person: found.person, session });
}

const isOver = async (sessionId: string) =>
	(await findPersonBySession(house.services, sessionId)) === null;

describe('sessions', () => {
	it('given three browsers, when they are listed and one and then all others are ended, then this one stays', async () => {
		const [here, phone, cafe] = [
			await signInRight(),
			await signInRight({ address: '198.51.100.1' }),
			await signInRight({ address: '198.51.100.2' })
		];
		const ctx = await withSession(here.sessionId);
		const { sessions } = await getAccount({ ctx });
		expect(sessions.filter(({ isCurrent }) => isCurrent)).toMatchObject([
			{ address: HOME, userAgent: 'Firefox' }
		]);
		expect(sessions).toHaveLength(3);
		const ofPhone = sessions.find(({ address }) => address === '198.51.100.1');
		await endSession({ ctx, input: { sessionId: ofPhone?.id } });
		expect(await Promise.all([here, phone, cafe].map((one) => isOver(one.sessionId)))).toEqual([
			false,
			true,
			false
		]);
		await endSession({ ctx, input: {} });
		expect(await isOver(cafe.sessionId)).toBe(true);
		expect(await isOver(here.sessionId)).toBe(false);
	});

	it("given a colleague's session, when it is named, then it is not found and goes on", async () => {
		const theirs = await signInRight();
		const own = (await getAccount({ ctx: await withSession(theirs.sessionId) })).sessions[0];
		const attempt = endSession({
			ctx: house.as(tenant.manager),
			input: { sessionId: own?.id }
		});
		await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
		expect(await isOver(theirs.sessionId)).toBe(false);
	});
});

describe('passwords', () => {
	it('given a signed-in person, when the password is changed, then the others end, this one stays, and a mail tells', async () => {
		const [here, there] = [await signInRight(), await signInRight()];
		const ctx = await withSession(here.sessionId);
		const input = { currentPassword: PASSWORD, password: NEW_PASSWORD };
		await expect(
			changePassword({ ctx, input: { ...input, currentPassword: 'wrong' } })
		).rejects.toMatchObject({ fields: { currentPassword: expect.any(String) } });
		await expect(
			changePassword({ ctx, input: { ...input, password: 'password1234' } })
		).rejects.toMatchObject({ fields: { password: expect.any(String) } });
		expect(await isOver(there.sessionId)).toBe(false);

		await changePassword({ ctx, input });
		expect([await isOver(here.sessionId), await isOver(there.sessionId)]).toEqual([false, true]);
		expect((await trySignIn()).ok).toBe(false);
		await signInRight({ password: NEW_PASSWORD });
		const mails = await house.sql`select subject from mails where "to" = ${person.email}`;
		expect(mails).toMatchObject([{ subject: 'Your Talktime password was changed' }]);
	});

	it('given a link by mail, when it sets a password, then it does so once, within the hour, and signs out everywhere', async () => {
		const there = await signInRight();
		const anonymous = () => house.context({ kind: 'anonymous' });
		const ask = (email: string) =>
			requestPasswordReset({ ctx: anonymous(), input: { email, address: HOME } });
		await ask(person.email.toUpperCase());
		await ask('nobody@talktime.test');
		const mailed = async () => {
			const rows = await house.sql<{ text: string }[]>`
				select text from mails where "to" = ${person.email} and is_secret order by id`;
			return rows.map(({ text }) => /token=([\w-]+)/.exec(text)?.[1] ?? '');
		};
		await expect.poll(async () => (await mailed()).length).toBe(1);
		const [token = ''] = await mailed();
		expect(await findPasswordReset({ ctx: anonymous(), input: { token } })).toMatchObject({
			email: person.email
		});
		const reset = (password = NEW_PASSWORD) =>
			resetPassword({ ctx: anonymous(), input: { token, password } });
		await expect(reset('short')).rejects.toMatchObject({ code: 'invalid' });
		await expect(reset('qwertyuiop')).rejects.toMatchObject({ code: 'invalid' });
		const answers = await Promise.allSettled([reset(), reset()]);
		expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
		expect(await isOver(there.sessionId)).toBe(true);
		await signInRight({ password: NEW_PASSWORD });
		await expect(reset('another plum lantern')).rejects.toMatchObject({ code: 'not_found' });

		house.clock.advanceSeconds(3600);
		await ask(person.email);
		await expect.poll(async () => (await mailed()).length).toBe(2);
		const [, second = ''] = await mailed();
		house.clock.advanceSeconds(3600);
		expect(await findPasswordReset({ ctx: anonymous(), input: { token: second } })).toBeNull();
		expect(JSON.stringify(await house.sql`select * from password_resets`)).not.toContain(second);
	});
});

describe('two steps', () => {
	const codeOf = (secret: string) =>
		new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: house.clock.read() });

	async function turnOn(): Promise<{ secret: string; recoveryCodes: string[] }> {
		const { sessionId } = await signInRight();
		const ctx = await withSession(sessionId);
		const { secret, qrSvg } = await startTotp({ ctx });
		expect(qrSvg).toMatch(/^<svg/);
		await expect(confirmTotp({ ctx, input: { code: '12345' } })).rejects.toMatchObject({
			fields: { code: expect.any(String) }
		});
		expect((await trySignIn()).ok).toBe(true);
		const { recoveryCodes } = await confirmTotp({ ctx, input: { code: codeOf(secret) } });
		house.clock.advanceSeconds(30);
		return { secret, recoveryCodes };
	}

	it('given an authenticator, when the password is right, then a code is asked for, and each is good once', async () => {
		const { secret } = await turnOn();
		expect(await trySignIn()).toMatchObject({ ok: false, needsCode: true });
		expect(await trySignIn({ password: 'wrong', code: codeOf(secret) })).toMatchObject({
			ok: false,
			needsCode: false
		});
		const code = codeOf(secret);
		expect((await trySignIn({ code })).ok).toBe(true);
		expect(await trySignIn({ code })).toMatchObject({ ok: false, needsCode: true });
		house.clock.advanceSeconds(30);
		expect((await trySignIn({ code: codeOf(secret).replace(/(...)/, '$1 ') })).ok).toBe(true);
	});

	it('given ten recovery codes, when one is used, then it signs in once, and only hashes are kept', async () => {
		const { recoveryCodes } = await turnOn();
		const [first = '', second = ''] = recoveryCodes;
		expect(recoveryCodes).toHaveLength(10);
		expect((await trySignIn({ code: first.toUpperCase() })).ok).toBe(true);
		expect((await trySignIn({ code: first })).ok).toBe(false);
		const { sessionId } = await signInRight({ code: second });
		const account = await getAccount({ ctx: await withSession(sessionId) });
		expect(account).toMatchObject({ hasTotp: true, recoveryCodesLeft: 8 });
		const kept = JSON.stringify(await house.sql`select * from recovery_codes`);
		expect(kept).not.toContain(second.replaceAll('-', ''));
	});

	it('given who knows the password and guesses codes, when they go on, then codes wait and the owner still gets in by a recovery code', async () => {
		const { secret, recoveryCodes } = await turnOn();
		for (let guess = 0; guess < 12; guess++) {
			await trySignIn({ code: '000000', address: `198.51.100.${guess}` });
		}
		const waiting = await trySignIn({ code: codeOf(secret) });
		expect(waiting).toMatchObject({ ok: false, message: expect.stringMatching(/^Too many tries/) });
		expect((await trySignIn({ code: recoveryCodes[0] ?? '' })).ok).toBe(true);
	});

	it('given an old proof, when a code is given, then it proves, and removing asks for it', async () => {
		const { secret, recoveryCodes } = await turnOn();
		const { sessionId } = await signInRight({ code: recoveryCodes[0] ?? '' });
		house.clock.advanceSeconds(600);
		await expect(removeTotp({ ctx: await withSession(sessionId) })).rejects.toMatchObject({
			code: 'sudo_required'
		});
		const input = { code: codeOf(secret) };
		await provePerson({ ctx: await withSession(sessionId), input });
		await removeTotp({ ctx: await withSession(sessionId) });
		expect((await trySignIn()).ok).toBe(true);
	});
});

describe('guessing cannot lock the owner out', () => {
	it("given guesses from a hundred addresses and from next door, when the owner's own browser signs in, then it is let in", async () => {
		const { device } = await signInRight();
		const now = new Date(house.clock.read()).toISOString();
		const blockedUntil = new Date(house.clock.read() + 900_000).toISOString();
		for (const key of [
			`account:${person.email}`,
			`account:${person.email}:${HOME}`,
			`address:${HOME}`
		]) {
			await house.sql`
				insert into sign_in_throttle (key, failures, last_failure_at, blocked_until)
				values (${key}, 500, ${now}, ${blockedUntil})
				on conflict (key) do update set blocked_until = excluded.blocked_until`;
		}
		expect(await trySignIn()).toMatchObject({ message: expect.stringMatching(/^Too many tries/) });
		expect((await trySignIn({ device })).ok).toBe(true);
		expect((await trySignIn({ device: 'made-up' })).ok).toBe(false);
	});

	it('given a known browser, when it guesses wrongly, then it waits like any other', async () => {
		const { device } = await signInRight();
		for (let guess = 0; guess < 6; guess++) await trySignIn({ password: 'wrong', device });
		expect(await trySignIn({ device })).toMatchObject({
			message: expect.stringMatching(/^Too many tries/)
		});
	});
});
