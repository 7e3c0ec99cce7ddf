import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setBudget } from '$lib/server/budgets/set-budget';
import { listRecentCalls } from '$lib/server/calls/list-recent-calls';
import { placeCall } from '$lib/server/calls/place-call';
import type { Context, Person } from '$lib/server/context';
import { AppError } from '$lib/server/errors';
import { allocateMinutes } from '$lib/server/minutes/allocate-minutes';
import { scheduleAllocation } from '$lib/server/minutes/schedule-allocation';
import { revokeAllocation } from '$lib/server/minutes/revoke-allocation';
import { inviteMember } from '$lib/server/team/invite-member';
import { appRouter } from '$lib/server/trpc/router';
import { House, type Tenant } from '../support/house';
import { RecordingProvider } from '../support/house-provider';
import {
	ALL_WHOSE,
	RULES,
	same,
	type Answers,
	type Caller,
	type Rule,
	type Target,
	type Whose
} from '../support/house-rules';

let house: House;
let admin: Person;
let mine: Tenant;
let theirs: Tenant;
let targets: Record<Whose, Target>;

beforeAll(async () => {
	house = await House.open({ providers: { twilio: new RecordingProvider() } });
	admin = await house.createPerson('super_admin');
});
/** Two organisations with one of everything each, and nothing of a third. */
async function makeTargets(): Promise<void> {
	[mine, theirs] = [
		await house.createTenant({ minutes: 50 }),
		await house.createTenant({ minutes: 50 })
	];
	targets = {
		own: { ...(await thingsOf(mine)), isOwn: true },
		foreign: await thingsOf(theirs),
		unknown: {
			organizationId: 2_147_483_000,
			callId: uuid(),
			contactId: uuid(),
			listId: uuid(),
			allocationId: uuid(),
			userId: uuid(),
			budgetId: uuid(),
			scheduleId: uuid(),
			invitationId: uuid(),
			recordingId: uuid(),
			endpointId: uuid(),
			campaignId: uuid(),
			email: 'nobody@talktime.test',
			isOwn: false
		}
	};
}
afterAll(async () => {
	await house.expectBooksToBalance();
	await house.close();
});

async function thingsOf(tenant: Tenant): Promise<Target> {
	const { callId } = await house.placeBound(tenant.id);
	const listId = uuid();
	await house.sql`insert into lead_lists (id, organization_id, name) values (${listId}, ${tenant.id}, 'List')`;
	const contactId = await house.createContact(tenant.id);
	const allocationId = await house.allocate(tenant.id, 5);
	const { email, userId } = tenant.agent;
	const { id: budgetId } = await setBudget({
		ctx: house.as(tenant.manager),
		input: { scope: 'user', subjectId: tenant.manager.userId, period: 'month', limitMinutes: 600 }
	});
	const organizationId = tenant.id;
	const { id: scheduleId } = await scheduleAllocation({
		ctx: house.commandLine(),
		input: {
			requestId: uuid(),
			organizationId,
			minutes: 5,
			reason: 'for a test',
			when: { kind: 'once', at: '2026-12-01' }
		}
	});
	const recordingId = uuid();
	await house.sql`
		insert into recordings (id, organization_id, call_id, provider, key, source_url, state)
		values (${recordingId}, ${organizationId}, ${callId}, 'twilio', ${recordingId}, 'https://api.twilio.com/r', 'pending')`;
	const { invitation } = await inviteMember({
		ctx: house.commandLine(),
		input: { organizationId, email: `${uuid()}@talktime.test`, role: 'agent' }
	});
	await house.sql`update invitations set sent_at = sent_at - interval '1 hour'`;
	const invitationId = invitation.id;
	const campaignId = uuid();
	await house.sql`insert into campaigns (id, organization_id, name, status)
		values (${campaignId}, ${organizationId}, 'Spring', 'running')`;
	const endpointId = uuid();
	await house.sql`
		insert into webhook_endpoints (id, organization_id, url, secret)
		values (${endpointId}, ${organizationId}, 'https://example.com/', 'whsec_AAAA')`;
	const ids = {
		endpointId,
		invitationId,
		campaignId,
		scheduleId,
		recordingId,
		callId,
		contactId,
		listId,
		allocationId,
		userId,
		budgetId
	};
	return { organizationId, ...ids, email, isOwn: false };
}

function contextOf(role: Caller): Context {
	switch (role) {
		case 'super_admin':
			return house.as(admin);
		case 'manager':
			return house.as(mine.manager);
		case 'agent':
			return house.as(mine.agent);
		case 'anonymous':
			return house.context({ kind: 'anonymous' });
	}
}

function answersFor(rule: Rule, role: Caller): Answers {
	if (role === 'anonymous') return same('unauthorized');
	if (role === 'super_admin') return rule.superAdmin;
	return role === 'agent' ? (rule.agent ?? rule.member) : rule.member;
}

function casesOf(rule: Rule): { role: Caller; whose: Whose; answer: string | undefined }[] {
	const roles: Caller[] = ['super_admin', 'manager', 'agent', 'anonymous'];
	return roles.flatMap((role) =>
		ALL_WHOSE.map((whose, index) => ({ role, whose, answer: answersFor(rule, role)[index] }))
	);
}

/** `ok` with what it gave, or the code of the refusal. Anything else that is thrown is a fault. */
async function attempt(rule: Rule, role: Caller, whose: Whose): Promise<[string, unknown]> {
	try {
		return ['ok', await rule.run(contextOf(role), targets[whose])];
	} catch (error) {
		if (error instanceof AppError) return [error.code, null];
		throw error;
	}
}

describe('who may not', () => {
	let untouched: Record<string, string>;
	beforeAll(async () => {
		await makeTargets();
		untouched = await house.fingerprint();
	});

	it('given every procedure of the router, when the rules are read, then each procedure has one', () => {
		const ruled = RULES.flatMap(({ procedure }) => (procedure === undefined ? [] : [procedure]));
		expect(ruled.sort()).toEqual(Object.keys(appRouter._def.procedures).sort());
	});

	it.each(RULES)(
		'given every role, when it asks for $verb of its own, another or no organisation and may not, then it is answered as designed and nothing changes',
		async (rule) => {
			for (const { role, whose, answer } of casesOf(rule).filter((one) => one.answer !== 'ok')) {
				const [given] = await attempt(rule, role, whose);
				expect(given, `${role} and ${whose}`).toBe(answer);
			}
			expect(await house.fingerprint()).toEqual(untouched);
		}
	);
});

describe('who may', () => {
	beforeEach(makeTargets);

	it.each(RULES)(
		'given every role that may, when it asks for $verb, then it is answered and hears nothing of others',
		async (rule) => {
			for (const { role, whose } of casesOf(rule).filter((one) => one.answer === 'ok')) {
				const [given, result] = await attempt(rule, role, whose);
				expect(given, `${role} and ${whose}`).toBe('ok');
				if (role !== 'super_admin') expect(JSON.stringify(result) ?? '').not.toContain(theirs.name);
			}
		}
	);

	it('given a super admin, when a contact of one organisation is called for another, then there is no such contact', async () => {
		const input = { organizationId: mine.id, contactId: targets.foreign.contactId };
		await expect(placeCall({ ctx: house.as(admin), input })).rejects.toMatchObject({
			code: 'not_found'
		});
	});

	it('given an agent, when the recent calls are listed, then only those of its organisation come', async () => {
		const calls = await listRecentCalls({ ctx: house.as(mine.agent), input: { limit: 100 } });
		expect(new Set(calls.map((call) => call.organizationId))).toEqual(new Set([mine.id]));
	});

	it('given an allocation of one organisation, when it is revoked as one of another, then it is refused and neither changes', async () => {
		const { allocationId } = targets.foreign;
		const before = await house.fingerprint();
		const input = { organizationId: mine.id, allocationId, reason: 'for a test' };
		await expect(revokeAllocation({ ctx: house.as(admin), input })).rejects.toMatchObject({
			code: 'conflict'
		});
		expect(await house.fingerprint()).toEqual(before);
	});

	it('given an allocation request of one organisation, when its id is used for another, then it is refused and neither changes', async () => {
		const requestId = await house.allocate(theirs.id, 5);
		const before = await house.fingerprint();
		const input = { requestId, organizationId: mine.id, minutes: 5, reason: 'for a test' };
		await expect(allocateMinutes({ ctx: house.as(admin), input })).rejects.toMatchObject({
			code: 'conflict'
		});
		expect(await house.fingerprint()).toEqual(before);
	});
});
