import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findPersonBySession, findPersonByToken } from '$lib/server/auth/find-person';
import { createToken } from '$lib/server/auth/create-token';
import { signIn } from '$lib/server/auth/sign-in';
import { openFeed } from '$lib/server/live/open-feed';
import { acceptInvitation } from '$lib/server/team/accept-invitation';
import { findInvitation } from '$lib/server/team/find-invitation';
import { inviteMember } from '$lib/server/team/invite-member';
import { listInvitations } from '$lib/server/team/list-invitations';
import { listMembers } from '$lib/server/team/list-members';
import { resendInvitation } from '$lib/server/team/resend-invitation';
import { revokeInvitation } from '$lib/server/team/revoke-invitation';
import { setMemberActive } from '$lib/server/team/set-member-active';
import { setMemberRole } from '$lib/server/team/set-member-role';
import type { Context } from '$lib/server/context';
import { House, type Tenant } from '../support/house';

const PASSWORD = 'plum lantern orbit';
const WEEK_SECONDS = 7 * 86_400;
const from = { address: '203.0.113.7', userAgent: 'Firefox' };

let house: House;
let tenant: Tenant;
let stranger: Context;
let count = 0;

beforeAll(async () => {
	house = await House.open({ providers: {} });
});
beforeEach(async () => {
	tenant = await house.createTenant();
	stranger = house.context({ kind: 'anonymous' });
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

const nextEmail = () => `nora${++count}@talktime.test`;

async function invite(email = nextEmail(), role: 'agent' | 'manager' = 'agent') {
	const made = await inviteMember({ ctx: house.as(tenant.manager), input: { email, role } });
	return { ...made, email, token: new URL(made.link).searchParams.get('token') ?? '' };
}

function accept(token: string, password = PASSWORD) {
	return acceptInvitation({ ctx: stranger, input: { token, name: 'Nora', password }, from });
}

async function auditActions(): Promise<string[]> {
	const rows = await house.sql<{ action: string }[]>`
		select action from audit_log where organization_id = ${tenant.id} order by id`;
	return rows.map(({ action }) => action);
}

describe('an invitation', () => {
	it('given a manager who invites, when the link is accepted, then the person is in with that role, signed in, and it is written down', async () => {
		const { token, email } = await invite();
		expect(await findInvitation({ ctx: stranger, input: { token } })).toMatchObject({
			organizationName: tenant.name,
			email,
			role: 'agent'
		});
		const cookie = await accept(token);
		expect(await findPersonBySession(house.services, cookie.value)).toMatchObject({
			person: { name: 'Nora', email, role: 'agent', organizationId: tenant.id }
		});
		const again = await signIn({ ctx: stranger, input: { email, password: PASSWORD, ...from } });
		expect(again.ok).toBe(true);
		expect(await auditActions()).toEqual([
			'organization.create',
			'invitation.create',
			'invitation.accept'
		]);
	});

	it('given a link, when it was used, revoked, made anew or is a week old, then it opens nothing and says the same', async () => {
		const used = await invite();
		await accept(used.token);
		const revoked = await invite();
		const manager = house.as(tenant.manager);
		await revokeInvitation({ ctx: manager, input: { invitationId: revoked.invitation.id } });
		const old = await invite();
		house.clock.advanceSeconds(60);
		const resent = await resendInvitation({
			ctx: house.as(tenant.manager),
			input: { invitationId: old.invitation.id }
		});
		const late = await invite();
		stranger = house.context({ kind: 'anonymous' });
		const isOpen = (token: string) => findInvitation({ ctx: stranger, input: { token } });
		expect(await isOpen(late.token)).not.toBeNull();
		expect(await isOpen(new URL(resent.link).searchParams.get('token') ?? '')).not.toBeNull();

		house.clock.advanceSeconds(WEEK_SECONDS);
		stranger = house.context({ kind: 'anonymous' });
		const sentences = new Set<string>();
		for (const token of [used.token, revoked.token, old.token, late.token, 'made-up']) {
			expect(await isOpen(token)).toBeNull();
			await accept(token).catch((error: Error) => sentences.add(error.message));
		}
		expect(sentences.size).toBe(1);
	});

	it('given a link, when it is accepted twice at once, then one account is made', async () => {
		const { token, email } = await invite();
		const answers = await Promise.allSettled([accept(token), accept(token)]);
		expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
		const rows = await house.sql`select 1 from users where email = ${email}`;
		expect(rows).toHaveLength(1);
	});

	it('given a member, an address invited already and one of another organisation, when they are invited, then only the own ones are refused', async () => {
		const { email } = await invite();
		for (const taken of [tenant.agent.email.toUpperCase(), email]) {
			await expect(invite(taken)).rejects.toMatchObject({
				code: 'conflict',
				fields: { email: expect.stringContaining('already') }
			});
		}
		const elsewhere = await house.createTenant();
		const { token } = await invite(elsewhere.agent.email);
		await expect(accept(token)).rejects.toMatchObject({ code: 'conflict' });
		expect(await findInvitation({ ctx: stranger, input: { token } })).not.toBeNull();
	});

	it.each(['password1234', '1234567890', 'iloveyou12', 'qwertyuiop'])(
		'given the password %s, when it is chosen, then it is refused beside the field and the link still opens',
		async (password) => {
			const { token } = await invite();
			await expect(accept(token, password)).rejects.toMatchObject({
				code: 'invalid',
				fields: { password: expect.stringContaining('easy to guess') }
			});
			expect(await findInvitation({ ctx: stranger, input: { token } })).not.toBeNull();
		}
	);

	it('given invitations, when the list and the table are read, then no link can be made of them', async () => {
		const { token } = await invite();
		const listed = await listInvitations({ ctx: house.as(tenant.manager), input: {} });
		expect(listed.invitations).toHaveLength(1);
		const rows = await house.sql`select * from invitations where organization_id = ${tenant.id}`;
		expect(JSON.stringify([listed, rows])).not.toContain(token);
	});
});

describe('a member', () => {
	async function signedIn(person: { userId: string }): Promise<string> {
		const session = await house.services.sessions.createSession(person.userId, {
			publicId: crypto.randomUUID(),
			provedAt: new Date(house.clock.read()),
			lastSeenAt: new Date(house.clock.read()),
			address: null,
			userAgent: null
		});
		return session.id;
	}

	/** The stream of a signed-in person, as the web process opens it; resolves when it has ended. */
	async function streamOf(sessionId: string, services = house.services): Promise<unknown> {
		const found = await findPersonBySession(house.services, sessionId);
		if (!found) throw new Error('The session is over.');
		const { publicId: id, provedAt } = found.session;
		const session = { id, provedAtMs: provedAt.getTime() };
		const ctx = house.context({ kind: 'person', person: found.person, session }, services);
		const stream = openFeed({ ctx, input: { scope: 'organization' }, signal: undefined });
		return stream.next();
	}

	it('given an agent who is made manager, when they go on, then their sessions are over and the new ones have the new role', async () => {
		const sessionId = await signedIn(tenant.agent);
		const input = { userId: tenant.agent.userId, role: 'manager' as const };
		await setMemberRole({ ctx: house.as(tenant.manager), input });
		expect(await findPersonBySession(house.services, sessionId)).toBeNull();
		expect(await findPersonBySession(house.services, await signedIn(tenant.agent))).toMatchObject({
			person: { role: 'manager' }
		});
		expect(await auditActions()).toContain('member.set_role');
	});

	it('given a member with streams in two processes, when their access is taken away, then sessions, token and streams end at once', async () => {
		const other = await house.openServices();
		const sessionId = await signedIn(tenant.agent);
		const { token } = await createToken({
			ctx: house.commandLine(),
			input: { email: tenant.agent.email, name: 'for a test' }
		});
		const ended = Promise.all([streamOf(sessionId), streamOf(sessionId, other)]);
		await expect.poll(() => [house.services.hub.size, other.hub.size]).toEqual([1, 1]);

		const ctx = house.as(tenant.manager);
		const change = (isActive: boolean) =>
			setMemberActive({ ctx, input: { userId: tenant.agent.userId, isActive } });
		await change(false);
		expect(await ended).toEqual([
			{ done: true, value: undefined },
			{ done: true, value: undefined }
		]);
		expect(await findPersonBySession(house.services, sessionId)).toBeNull();
		expect(await findPersonByToken(house.services, token)).toBeNull();

		await change(true);
		expect(await findPersonByToken(house.services, token)).not.toBeNull();
		expect(await findPersonBySession(house.services, sessionId)).toBeNull();
	});

	it('given a manager, when they change their own place, then it is refused', async () => {
		const { userId } = tenant.manager;
		const ctx = house.as(tenant.manager);
		for (const attempt of [
			setMemberRole({ ctx, input: { userId, role: 'agent' } }),
			setMemberActive({ ctx, input: { userId, isActive: false } })
		]) {
			await expect(attempt).rejects.toMatchObject({ code: 'conflict' });
		}
	});

	it('given a proof that is too old, when the team is changed, then it is asked for again', async () => {
		const ctx = house.as(tenant.manager);
		const session = { id: crypto.randomUUID(), provedAtMs: house.clock.read() - 600_000 };
		const stale = { ...ctx, caller: { kind: 'person' as const, person: tenant.manager, session } };
		const userId = tenant.agent.userId;
		for (const attempt of [
			inviteMember({ ctx: stale, input: { email: nextEmail(), role: 'manager' } }),
			setMemberRole({ ctx: stale, input: { userId, role: 'manager' } }),
			setMemberActive({ ctx: stale, input: { userId, isActive: false } })
		]) {
			await expect(attempt).rejects.toMatchObject({ code: 'sudo_required' });
		}
	});

	it('given more members than a page, when the pages are read, then each member comes once', async () => {
		for (let more = 0; more < 3; more++) await house.createPerson('agent', tenant);
		const ctx = house.as(tenant.manager);
		const first = await listMembers({ ctx, input: { limit: 3 } });
		const second = await listMembers({ ctx, input: { limit: 3, cursor: first.nextCursor ?? '' } });
		const ids = [...first.members, ...second.members].map(({ id }) => id);
		expect(new Set(ids).size).toBe(5);
		expect(second.nextCursor).toBeNull();
	});
});
