import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listRecentCalls } from '$lib/server/calls/list-recent-calls';
import { placeCall } from '$lib/server/calls/place-call';
import type { Context, Person } from '$lib/server/context';
import { AppError } from '$lib/server/errors';
import { allocateMinutes } from '$lib/server/minutes/allocate-minutes';
import { revokeAllocation } from '$lib/server/minutes/revoke-allocation';
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
import { targetsOf } from '../support/house-targets';

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
	targets = await targetsOf(house, mine, theirs);
}
afterAll(async () => {
	await house.expectBooksToBalance();
	await house.close();
});

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
