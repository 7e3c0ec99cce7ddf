import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { House, newNumber, type Tenant } from '../support/house';
import { completedForm, post } from '../support/house-callbacks';

interface World {
	mine: Tenant;
	theirs: Tenant;
	live: { callId: string; sid: string; to: string };
	ended: { callId: string; sid: string; to: string };
	myLot: string;
	theirLot: string;
	myContact: string;
	theirContact: string;
	myList: string;
	theirList: string;
}

let house: House;
let world: World;

beforeAll(async () => {
	house = await House.open({ providers: {} });
	const [mine, theirs] = [await house.createTenant(), await house.createTenant()];
	const [myLot, theirLot] = [
		await house.allocate(mine.id, 10),
		await house.allocate(theirs.id, 10)
	];
	const ended = await house.placeBound(mine.id, { estimateMinutes: 1 });
	await post(house.services, completedForm(ended.sid, house.clock.read(), '61'), ended);
	const live = await house.placeBound(mine.id, { idempotencyKey: 'a-key' });
	const listOf = async ({ id }: Tenant) => {
		const listId = uuid();
		await house.sql`insert into lead_lists (id, organization_id, name) values (${listId}, ${id}, 'List')`;
		return listId;
	};
	world = {
		mine,
		theirs,
		live,
		ended,
		myLot,
		theirLot,
		myContact: await house.createContact(mine.id, '+14155550123'),
		theirContact: await house.createContact(theirs.id),
		myList: await listOf(mine),
		theirList: await listOf(theirs)
	};
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

async function expectRefused(statement: string, constraint: string): Promise<void> {
	const before = await house.fingerprint();
	await expect(house.sql.unsafe(statement), statement).rejects.toMatchObject({
		constraint_name: constraint
	});
	expect(await house.fingerprint()).toEqual(before);
}

/** A statement that writes a call like the live one, with some columns another. */
function copyOfCall(changes: Record<string, string>): string {
	const columns: Record<string, string> = {
		id: `'${uuid()}'`,
		organization_id: String(world.mine.id),
		provider: `'twilio'`,
		submit_state: `'submitting'`,
		'"from"': `'+12025550101'`,
		'"to"': `'${newNumber()}'`,
		country: `'US'`,
		local_day: `'2026-11-21'`,
		status: `'initiated'`,
		initiated_at: 'now()',
		time_limit_seconds: '60',
		...changes
	};
	return `insert into calls (${Object.keys(columns)}) values (${Object.values(columns)})`;
}

describe('facts', () => {
	it.each([
		['call_minutes_usage_log', 'minutes_consumed = 1'],
		['call_minutes_allocation_history', 'minutes = 1'],
		['call_status_events', `status = 'ringing'`],
		['blocks', `code = 'none'`],
		['audit_log', `action = 'none'`]
	])(
		'given %s, when a row is updated, deleted or truncated away, then the database refuses',
		async (table, change) => {
			const before = await house.fingerprint();
			for (const statement of [
				`update ${table} set ${change}`,
				`delete from ${table}`,
				`truncate ${table}`,
				`truncate ${table} cascade`
			]) {
				await expect(house.sql.unsafe(statement), statement).rejects.toThrow(
					`${table} is append-only: ${statement.split(' ')[0]} refused`
				);
			}
			expect(await house.fingerprint()).toEqual(before);
		}
	);

	it('given live events, when one is updated, then the database refuses', async () => {
		await expect(house.sql`update live_events set seq = seq + 1`).rejects.toThrow(
			'live_events is append-only: update refused'
		);
	});
});

describe('lists of the newest', () => {
	it('given an index made for them, then it is in the order that is asked for', async () => {
		// `order by id desc` puts nulls first: an index with nulls last does not serve it, even where there are none.
		const useless = await house.sql`
			select indexname from pg_indexes where schemaname = 'public' and indexdef like '%DESC NULLS LAST%'`;
		expect(useless).toEqual([]);
	});
});

describe('rules of one row', () => {
	const rules: [string, string, (world: World) => string][] = [
		['negative held minutes', 'call_minutes_held_range', credit('held_minutes = -1')],
		['more held than is there', 'call_minutes_held_range', credit('held_minutes = 9')],
		['negative used minutes', 'call_minutes_used_range', credit('used_minutes = -1')],
		['negative debt', 'call_minutes_debt_positive', credit('debt_minutes = -1')],
		['negative live calls', 'call_minutes_live_calls_positive', credit('live_calls = -1')],
		['a lot held beyond what remains', 'minute_allocations_held', lot('held_minutes = 9')],
		['a lot larger than granted', 'minute_allocations_remaining', lot('remaining_minutes = 11')],
		[
			'a duration beyond a day',
			'calls_duration_range',
			({ ended }) =>
				`update calls set duration = 86401, billed_minutes = 9999 where id = '${ended.callId}'`
		],
		[
			'a negative duration',
			'calls_duration_range',
			({ ended }) => `update calls set duration = -1 where id = '${ended.callId}'`
		],
		[
			'a bill that does not cover the talk',
			'calls_billed_covers_talk',
			({ ended }) => `update calls set billed_minutes = 1 where id = '${ended.callId}'`
		],
		[
			'a terminal call without an end',
			'calls_ended_exactly_when_terminal',
			({ live }) => `update calls set status = 'completed' where id = '${live.callId}'`
		],
		[
			'an ended call that lives on',
			'calls_ended_exactly_when_terminal',
			({ ended }) => `update calls set status = 'in_progress' where id = '${ended.callId}'`
		],
		[
			'a contact without a phone number',
			'contacts_phone_e164',
			({ myContact }) => `update contacts set phone = '415' where id = '${myContact}'`
		],
		[
			'an agent without an organisation',
			'users_role_organization',
			({ mine }) => `update users set organization_id = null where id = '${mine.agent.userId}'`
		],
		[
			'a super admin inside an organisation',
			'users_role_organization',
			({ mine }) => `update users set role = 'super_admin' where id = '${mine.agent.userId}'`
		]
	];

	function credit(change: string) {
		return ({ mine }: World) =>
			`update organization_call_minutes set ${change} where organization_id = ${mine.id}`;
	}

	function lot(change: string) {
		return ({ myLot }: World) => `update minute_allocations set ${change} where id = '${myLot}'`;
	}

	it.each(rules)(
		'given %s, when it is written, then %s refuses it',
		async (_name, constraint, statement) => {
			await expectRefused(statement(world), constraint);
		}
	);
});

describe('rules of many rows', () => {
	const hold = (organizationId: number, callId: string) =>
		`insert into credit_holds (id, organization_id, call_id, state, held_minutes, parts, expires_at, check_at, created_at)
			values ('${uuid()}', ${organizationId}, '${callId}', 'open', 0, '[]', now(), now(), now())`;
	const usage = (organizationId: number, callId: string, lot: string) =>
		`insert into call_minutes_usage_log (organization_id, call_id, allocation_id, minutes_consumed, call_start_time, call_end_time)
			values (${organizationId}, '${callId}', '${lot}', 1, now(), now())`;
	const debt = (organizationId: number, callId: string) =>
		`insert into debts (id, organization_id, call_id, minutes, remaining_minutes, call_start_time, call_end_time, created_at)
			values ('${uuid()}', ${organizationId}, '${callId}', 1, 0, now(), now(), now())`;
	const member = (organizationId: number, list: string, contact: string) =>
		`insert into lead_list_members (organization_id, lead_list_id, contact_id, position)
			values (${organizationId}, '${list}', '${contact}', 1)`;

	const twice: [string, string, (world: World) => string][] = [
		[
			'two open holds of a call',
			'credit_holds_one_open',
			({ mine, live }) => hold(mine.id, live.callId)
		],
		[
			'two live calls to a number',
			'calls_one_live_per_number',
			({ live }) => copyOfCall({ '"to"': `'${live.to}'` })
		],
		[
			'two calls of one provider id',
			'calls_provider_call_key',
			({ ended }) => copyOfCall({ provider_call_id: `'${ended.sid}'` })
		],
		[
			'two calls of one idempotency key',
			'calls_idempotency_key',
			() => copyOfCall({ idempotency_key: `'a-key'` })
		],
		[
			'two charges of a call by one allocation',
			'usage_log_once',
			({ mine, ended, myLot }) => usage(mine.id, ended.callId, myLot)
		],
		[
			'two deliveries of one key',
			'deliveries_dedupe_key',
			() => `insert into deliveries (id, provider, dedupe_key, state, body, received_at)
				select '${uuid()}', provider, dedupe_key, state, body, received_at from deliveries limit 1`
		],
		[
			'two people of one e-mail',
			'users_email_key',
			({ mine }) =>
				`update users set email = upper('${mine.agent.email}') where id = '${mine.manager.userId}'`
		],
		[
			'two contacts of one phone',
			'contacts_phone_key',
			({ mine }) => `insert into contacts (id, organization_id, phone, name)
				values ('${uuid()}', ${mine.id}, '+14155550123', 'Again')`
		]
	];

	it.each(twice)(
		'given %s, when it is written, then %s refuses it',
		async (_name, constraint, statement) => {
			await expectRefused(statement(world), constraint);
		}
	);

	const across: [string, string, (world: World) => string][] = [
		[
			'a call to a contact',
			'calls_contact_same_tenant',
			({ theirContact }) => copyOfCall({ contact_id: `'${theirContact}'` })
		],
		[
			'a hold for a call',
			'credit_holds_call_same_tenant',
			({ theirs, ended }) => hold(theirs.id, ended.callId)
		],
		[
			'a debt for a call',
			'debts_call_same_tenant',
			({ theirs, ended }) => debt(theirs.id, ended.callId)
		],
		[
			'a charge to an allocation',
			'usage_log_allocation_same_tenant',
			({ mine, theirLot }) => usage(mine.id, uuid(), theirLot)
		],
		[
			'a fact about an allocation',
			'allocation_history_allocation_same_tenant',
			({
				mine,
				theirLot
			}) => `insert into call_minutes_allocation_history (organization_id, allocation_id, kind, minutes, reason, allocated_at)
				values (${mine.id}, '${theirLot}', 'allocate', 1, 'across', now())`
		],
		[
			'a lead on a list',
			'lead_list_members_contact_same_tenant',
			({ mine, myList, theirContact }) => member(mine.id, myList, theirContact)
		],
		[
			'a list with a lead',
			'lead_list_members_list_same_tenant',
			({ mine, theirList, myContact }) => member(mine.id, theirList, myContact)
		]
	];

	it.each(across)(
		'given %s of another organisation, when it is written, then %s refuses it',
		async (_name, constraint, statement) => {
			await expectRefused(statement(world), constraint);
		}
	);
});
