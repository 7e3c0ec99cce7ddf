import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findPersonBySession } from '$lib/server/auth/find-person';
import { hashPassword } from '$lib/server/auth/passwords';
import { sha256 } from '$lib/server/auth/secrets';
import { signIn } from '$lib/server/auth/sign-in';
import { signOut } from '$lib/server/auth/sign-out';
import type { Context, Person } from '$lib/server/context';
import { House, type Tenant } from '../support/house';

const PASSWORD = 'correct horse battery';
const HOME = '203.0.113.7';
const ELSEWHERE = '198.51.100.9';
const REFUSED = 'You are not signed in: the e-mail or the password is wrong.';

let house: House;
let ctx: Context;
let passwordHash: string;
let organization: Tenant;
let person: Person;

beforeAll(async () => {
	house = await House.open({ providers: {} });
	passwordHash = await hashPassword(PASSWORD);
});
beforeEach(async () => {
	ctx = house.context({ kind: 'anonymous' });
	organization = await house.createTenant();
	person = await house.createPerson('agent', organization, passwordHash);
	await house.sql`delete from sign_in_throttle`;
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

async function tryIn(email: string, password: string, address = HOME): Promise<string> {
	const result = await signIn({ ctx, input: { email, password, address } });
	return result.ok ? 'signed in' : result.message;
}

async function signInRight(address = HOME): Promise<string> {
	const result = await signIn({ ctx, input: { email: person.email, password: PASSWORD, address } });
	if (!result.ok) throw new Error(result.message);
	return result.sessionCookie.value;
}

describe('signing in', () => {
	it('given a person, when the password is right, then a session stands for that person', async () => {
		const sessionId = await signInRight();
		expect(await findPersonBySession(house.services, sessionId)).toMatchObject({
			person: { userId: person.userId, role: 'agent', organizationId: person.organizationId }
		});
	});

	it('given an address written in other letters and with spaces, when the password is right, then it is the same person', async () => {
		expect(await tryIn(` ${person.email.toUpperCase()} `, PASSWORD)).toBe('signed in');
	});

	it('given a wrong password, an unknown person and a disabled one, when they try, then all read the same sentence and no session is made', async () => {
		const disabled = await house.createPerson('agent', organization, passwordHash);
		await house.sql`update users set disabled_at = now() where id = ${disabled.userId}`;
		const unknown = 'nobody@talktime.test';
		expect(await tryIn(person.email, 'wrong')).toBe(REFUSED);
		expect(await tryIn(unknown, PASSWORD)).toBe(REFUSED);
		expect(await tryIn(disabled.email, PASSWORD)).toBe(REFUSED);
		expect(await tryIn(person.email, '')).toBe(REFUSED);
		expect(await house.sql`select 1 from sessions where user_id = ${person.userId}`).toEqual([]);
	});

	it('given a session, when its row is read, then it holds only a hash of the id', async () => {
		const sessionId = await signInRight();
		const rows = await house.sql<{ id_hash: string }[]>`
			select id_hash from sessions where user_id = ${person.userId}`;
		expect(rows).toEqual([{ id_hash: sha256(sessionId) }]);
		expect(await findPersonBySession(house.services, sha256(sessionId))).toBeNull();
	});

	it('given two sessions of one person, when one signs out, then it ends and the other goes on', async () => {
		const [here, there] = [await signInRight(), await signInRight(ELSEWHERE)];
		const { sessionCookie } = await signOut({ ctx, input: { sessionId: here } });
		expect(sessionCookie.value).toBe('');
		expect(await findPersonBySession(house.services, here)).toBeNull();
		expect(await findPersonBySession(house.services, there)).not.toBeNull();
		await signOut({ ctx, input: { sessionId: here } });
		await signOut({ ctx, input: { sessionId: null } });
	});

	it('given a session, when its person is disabled or it has expired, then it stands for nobody', async () => {
		const [first, second] = [await signInRight(), await signInRight()];
		await house.sql`update sessions set expires_at = now() - interval '1 second' where id_hash = ${sha256(first)}`;
		expect(await findPersonBySession(house.services, first)).toBeNull();
		await house.sql`update users set disabled_at = now() where id = ${person.userId}`;
		expect(await findPersonBySession(house.services, second)).toBeNull();
	});
});

describe('guessing passwords', () => {
	it('given wrong guesses from one address, when they go on, then that address waits, and the right password waits too', async () => {
		for (let guess = 0; guess < 6; guess++)
			expect(await tryIn(person.email, 'wrong')).toBe(REFUSED);
		expect(await tryIn(person.email, 'wrong')).toBe(
			'Too many tries. Wait 2 seconds, then try again.'
		);
		expect(await tryIn(person.email, PASSWORD)).toMatch(/^Too many tries/);
		house.clock.advanceSeconds(2);
		expect(await tryIn(person.email, PASSWORD)).toBe('signed in');
	});

	it('given a stranger who guesses elsewhere, when the owner signs in at home, then the owner is let in', async () => {
		for (let guess = 0; guess < 8; guess++) await tryIn(person.email, 'wrong', ELSEWHERE);
		expect(await tryIn(person.email, PASSWORD, ELSEWHERE)).toMatch(/^Too many tries/);
		expect(await tryIn(person.email, PASSWORD, HOME)).toBe('signed in');
	});

	it('given more and more wrong guesses, when each comes as soon as it may, then the wait doubles', async () => {
		for (let guess = 0; guess < 6; guess++) await tryIn(person.email, 'wrong');
		const waits: string[] = [];
		for (const seconds of [2, 4, 8, 16]) {
			waits.push(await tryIn(person.email, 'wrong'));
			house.clock.advanceSeconds(seconds);
			await tryIn(person.email, 'wrong');
		}
		expect(waits.map((wait) => /\d+/.exec(wait)?.[0])).toEqual(['2', '4', '8', '16']);
	});

	it('given guesses at many accounts from one address, when they go on, then that address waits for every account', async () => {
		for (let guess = 0; guess < 31; guess++) await tryIn(`person${guess}@talktime.test`, 'wrong');
		expect(await tryIn(person.email, PASSWORD)).toMatch(/^Too many tries/);
		expect(await tryIn(person.email, PASSWORD, ELSEWHERE)).toBe('signed in');
	});

	it('given a right password, when it follows wrong ones, then the count of that account begins anew', async () => {
		for (let guess = 0; guess < 5; guess++) await tryIn(person.email, 'wrong');
		expect(await tryIn(person.email, PASSWORD)).toBe('signed in');
		for (let guess = 0; guess < 5; guess++)
			expect(await tryIn(person.email, 'wrong')).toBe(REFUSED);
		expect(await tryIn(person.email, PASSWORD)).toBe('signed in');
	});

	it('given forty guesses at once, when they arrive together, then no more are checked than one after the other', async () => {
		const answers = await Promise.all(
			Array.from({ length: 40 }, (_, guess) => tryIn(person.email, `wrong ${guess}`))
		);
		expect(answers.filter((answer) => answer === REFUSED).length).toBeLessThanOrEqual(10);
	});
});
