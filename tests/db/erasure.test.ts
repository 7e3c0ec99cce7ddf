/** What is known of a person is erased everywhere, and everything still adds up. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '$lib/server/auth/create-token';
import { createUser } from '$lib/server/auth/create-user';
import { openSession } from '$lib/server/auth/open-session';
import { createContact } from '$lib/server/contacts/create-contact';
import { eraseContact, eraseContactByPhone } from '$lib/server/contacts/erase-contact';
import { mergeContacts } from '$lib/server/contacts/merge-contacts';
import { restoreContact } from '$lib/server/contacts/restore-contact';
import { updateContact } from '$lib/server/contacts/update-contact';
import { eraseMember } from '$lib/server/team/erase-member';
import { setMemberActive } from '$lib/server/team/set-member-active';
import { House, newNumber, type Tenant } from '../support/house';
import { post, storyOf } from '../support/house-callbacks';
import { importFile } from '../support/house-imports';
import { RecordingProvider } from '../support/house-provider';

const NAME = 'Zebulon Quasimodo';
const EMAIL = 'zebulon.q@sentinel.example';
const SECRETS = [NAME, 'Zebulon', EMAIL, 'Quasimodo Labs', 'allergic to walnuts', 'said he is ill'];

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'talktime-erasure-'));
let house: House;

beforeAll(async () => {
	house = await House.open({
		providers: { twilio: new RecordingProvider() },
		environment: { TALKTIME_DATA_DIR: dataDir }
	});
});
afterEach(() => house.expectBooksToBalance());
afterAll(async () => {
	await house.close();
	rmSync(dataDir, { recursive: true });
});

/** Where in the database a text stands, of whatever table. */
async function placesOf(text: string): Promise<string[]> {
	const tables = await house.sql<{ name: string }[]>`
		select tablename as name from pg_tables where schemaname in ('public', 'graphile_worker')`;
	const places: string[] = [];
	for (const { name } of tables) {
		const [row] = await house.sql<{ count: number }[]>`
			select count(*)::int as count from ${house.sql(name)} t where position(${text} in t::text) > 0`;
		if (row && row.count > 0) places.push(`${name}: ${row.count}`);
	}
	return places;
}

/** A person who was added, changed, called from minutes and wallet, recorded, noted, listed and imported. */
async function createKnown(tenant: Tenant): Promise<{ contactId: string; phone: string }> {
	const ctx = house.as(tenant.manager);
	const phone = newNumber();
	const { id: contactId } = await createContact({
		ctx,
		input: { requestId: uuid(), name: NAME, phone, email: EMAIL, company: 'Quasimodo Labs' }
	});
	await updateContact({ ctx, input: { contactId, about: 'allergic to walnuts' } });
	await importFile(house, ctx, `name,phone,email\n${NAME},${phone},${EMAIL}\nx,${phone}1,y\n`, {
		duplicates: 'overwrite'
	});
	const placed = await house.placeBound(tenant.id, {
		to: phone,
		contact: { id: contactId, name: NAME }
	});
	for (const form of storyOf(placed.sid, house.clock.read(), 61)) {
		await post(house.services, { ...form, To: phone, Called: phone }, { callId: placed.callId });
	}
	house.clock.advanceSeconds(120);
	const { callId } = placed;
	const { userId } = tenant.agent;
	await house.sql`
		insert into notes (id, organization_id, call_id, contact_id, user_id, text)
		values (${uuid()}, ${tenant.id}, ${callId}, ${contactId}, ${userId}, 'said he is ill')`;
	await house.sql`
		insert into call_back_tasks (id, organization_id, user_id, contact_id, "to", call_id, due_at, timezone, note)
		values (${uuid()}, ${tenant.id}, ${userId}, ${contactId}, ${phone}, ${callId}, now(), 'UTC', 'said he is ill')`;
	await house.sql`
		insert into call_transcripts (call_id, organization_id, transcript, summary)
		values (${callId}, ${tenant.id}, ${`Hello ${NAME}`}, 'said he is ill')`;
	const campaignId = uuid();
	await house.sql`insert into campaigns (id, organization_id, name, status, total_leads, waiting_leads)
		values (${campaignId}, ${tenant.id}, 'Spring', 'completed', 1, 1)`;
	await house.sql`
		insert into campaign_leads (organization_id, campaign_id, position, contact_id, name, phone, next_attempt_at)
		values (${tenant.id}, ${campaignId}, 0, ${contactId}, ${NAME}, ${phone}, now())`;
	await house.sql`
		insert into blocks (organization_id, "to", code, message, numbers)
		values (${tenant.id}, ${phone}, 'already_calling', ${`A call to ${phone} is going on.`}, '{}')`;
	const recordingId = uuid();
	const file = path.join(dataDir, recordingId);
	writeFileSync(file, 'a talk');
	await house.services.recordings.put(recordingId, {
		path: file,
		bytes: 6,
		contentType: 'audio/mpeg'
	});
	await house.sql`
		insert into recordings (id, organization_id, call_id, provider, key, source_url, state, storage_key, bytes, content_type, stored_at)
		values (${recordingId}, ${tenant.id}, ${callId}, 'twilio', ${recordingId}, 'https://api.twilio.com/r', 'stored',
			${recordingId}, 6, 'audio/mpeg', now())`;
	return { contactId, phone };
}

/** What must not change: counts and sums, without who it was. */
async function sumsOf({ id }: Tenant) {
	const [row] = await house.sql`
		select (select count(*) from calls where organization_id = ${id}) as calls,
			(select sum(duration) from calls where organization_id = ${id}) as seconds,
			(select sum(billed_minutes) from calls where organization_id = ${id}) as minutes,
			(select count(*) from call_minutes_usage_log where organization_id = ${id}) as usage,
			(select sum(amount) from balance_transactions where organization_id = ${id}) as moved,
			(select count(*) from call_status_events where organization_id = ${id}) as events,
			(select count(*) from live_events where organization_id = ${id}) as live,
			(select count(*) from deliveries where organization_id = ${id}) as deliveries,
			(select count(distinct "to") from calls where organization_id = ${id}) as numbers`;
	return row;
}

describe.each(['minutes', 'wallet'] as const)(
	'erasing a person whose calls the %s paid',
	(mode) => {
		it('given all that can be known of a person, when a manager erases them, then nothing of it is anywhere, and every sum is as before', async () => {
			const tenant = await house.createTenant({
				minutes: mode === 'minutes' ? 50 : 0,
				dollars: '20',
				mode
			});
			const other = await house.createTenant({ minutes: 10 });
			const { contactId, phone } = await createKnown(tenant);
			await house.placeBound(tenant.id);
			const before = await sumsOf(tenant);
			for (const text of [...SECRETS, phone]) expect(await placesOf(text), text).not.toEqual([]);
			expect((await placesOf(phone)).length).toBeGreaterThan(5);

			const ctx = house.as(tenant.manager);
			const erased = await eraseContact({ ctx, input: { contactId, confirmation: NAME } });
			expect(erased).toEqual({ contactId, calls: 1, recordings: 1 });
			for (const text of [...SECRETS, phone, phone.slice(2)])
				expect(await placesOf(text), text).toEqual([]);
			expect(await sumsOf(tenant)).toEqual(before);
			expect(readdirSync(path.join(dataDir, 'recordings'), { recursive: true }).join()).not.toMatch(
				/[0-9a-f]{8}-/
			);
			const [contact] = await house.sql`select * from contacts where id = ${contactId}`;
			expect(contact).toMatchObject({ name: 'Erased person', do_not_call: true, email: null });
			expect(contact?.phone).toMatch(/^\+999\d{12}$/);
			const [call] = await house.sql`select "to" from calls where contact_id = ${contactId}`;
			expect(call?.to).toBe(contact?.phone);
			const [audit] = await house.sql`
			select before, after, actor_user_id from audit_log where action = 'contact.erased' and organization_id = ${tenant.id}`;
			expect(audit).toEqual({
				before: null,
				after: { contactId, calls: 1, recordings: 1 },
				actor_user_id: tenant.manager.userId
			});
			expect(other.id).not.toBe(tenant.id);
		});
	}
);

describe('erasing a person', () => {
	it('given the same number with two organisations, when one erases it, then the other keeps all of it', async () => {
		const [mine, theirs] = [
			await house.createTenant({ minutes: 50 }),
			await house.createTenant({ minutes: 50 })
		];
		const phone = newNumber();
		const contactId = await house.createContact(mine.id, phone);
		await house.createContact(theirs.id, phone);
		const { callId } = await house.placeBound(theirs.id, { to: phone });
		const ctx = house.as(mine.manager);
		await eraseContact({ ctx, input: { contactId, confirmation: 'Lead' } });
		expect((await house.callRow(callId)).to).toBe(phone);
		const rows = await house.sql`select organization_id from contacts where phone = ${phone}`;
		expect(rows).toEqual([{ organization_id: theirs.id }]);
	});

	it('given a number and an address that begin those of somebody else, when they are erased, then the other person stays as they were', async () => {
		const tenant = await house.createTenant({ minutes: 50 });
		const ctx = house.as(tenant.manager);
		const [short, long] = ['+4930901820', '+493090182055'];
		const input = { name: 'Short', phone: short, email: 'ann@firm.example' };
		const { id: contactId } = await createContact({ ctx, input: { requestId: uuid(), ...input } });
		await house.createContact(tenant.id, long);
		const { callId } = await house.placeBound(tenant.id, { to: long });
		const note = (
			text: string
		) => house.sql`insert into blocks (organization_id, "to", code, message, numbers)
			values (${tenant.id}, ${long}, 'already_calling', ${text}, jsonb_build_object('said', ${text}::text))`;
		await note(`mary-ann@firm.example, ann@firm.example.org and ${long} stay`);
		await note(`${short}: ann@firm.example.\nann@firm.example goes`);
		await eraseContact({ ctx, input: { contactId, confirmation: 'Short' } });
		expect((await house.callRow(callId)).to).toBe(long);
		const [kept, erased] = await house.sql`
			select message, numbers ->> 'said' as said from blocks where organization_id = ${tenant.id} order by id`;
		const stays = `mary-ann@firm.example, ann@firm.example.org and ${long} stay`;
		expect(kept).toEqual({ message: stays, said: stays });
		for (const text of [erased?.message, erased?.said]) {
			expect(text).toMatch(/^\+999\d{12}: erased\.\nerased goes$/);
		}
	});

	it('given a contact that another was merged into, when it is erased, then both numbers are', async () => {
		const tenant = await house.createTenant({ minutes: 50 });
		const ctx = house.as(tenant.manager);
		const [one, other] = [newNumber(), newNumber()];
		const keepId = await house.createContact(tenant.id, one);
		const mergeId = await house.createContact(tenant.id, other);
		await mergeContacts({ ctx, input: { requestId: uuid(), keepId, mergeId } });
		await expect(
			eraseContact({ ctx, input: { contactId: mergeId, confirmation: 'Lead' } })
		).rejects.toMatchObject({ code: 'conflict' });
		await eraseContactByPhone({
			ctx: house.commandLine(),
			input: { organizationId: tenant.id, phone: other }
		});
		expect([...(await placesOf(one)), ...(await placesOf(other))]).toEqual([]);
		await expect(restoreContact({ ctx, input: { contactId: keepId } })).rejects.toMatchObject({
			code: 'conflict'
		});
	});

	it('given another name, a call that goes on, or an erased contact, when it is to be erased, then it is refused and nothing changes', async () => {
		const tenant = await house.createTenant({ minutes: 50 });
		const ctx = house.as(tenant.manager);
		const phone = newNumber();
		const contactId = await house.createContact(tenant.id, phone);
		const gone = await house.createContact(tenant.id);
		await eraseContact({ ctx, input: { contactId: gone, confirmation: 'Lead' } });
		const calledId = await house.createContact(tenant.id);
		const [called] = await house.sql`select phone from contacts where id = ${calledId}`;
		await house.placeBound(tenant.id, { to: String(called?.phone) });
		const before = await house.fingerprint();
		for (const [input, code] of [
			[{ contactId, confirmation: 'lead' }, 'invalid'],
			[{ contactId: calledId, confirmation: 'Lead' }, 'conflict'],
			[{ contactId: gone, confirmation: 'Erased person' }, 'conflict']
		] as const) {
			await expect(eraseContact({ ctx, input })).rejects.toMatchObject({ code });
		}
		expect(await house.fingerprint()).toEqual(before);
	});

	it('given a setting that says an erasure is under way, when a member changes a fact, then it is refused all the same', async () => {
		const tenant = await house.createTenant({ minutes: 50 });
		const { sql } = house.as(tenant.manager).services.database;
		await expect(
			sql.begin(async (tx) => {
				await tx`select set_config('app.erasing', 'on', true)`;
				await tx`update audit_log set action = 'x'`;
			})
		).rejects.toMatchObject({ code: '42501' });
		await expect(house.sql`update audit_log set action = 'x'`).rejects.toMatchObject({
			code: '23001'
		});
		await expect(
			sql`select erase_contact(${tenant.id + 1}, ${uuid()}, now())`
		).rejects.toMatchObject({
			code: '42501'
		});
	});
});

describe('erasing a member', () => {
	const MEMBER = 'Melchior Walrus';
	const ADDRESS = 'melchior.walrus@sentinel.example';

	it('given a member who signed in, was invited, mailed and audited, when they are erased, then nothing names them and their calls stay', async () => {
		const tenant = await house.createTenant({ minutes: 50 });
		const admin = await house.createPerson('super_admin');
		const ctx = house.as(admin);
		const { id: userId } = await createUser({
			ctx: house.commandLine(),
			input: {
				...{ email: ADDRESS, password: 'walrus under the ice', name: MEMBER },
				...{ role: 'agent', organizationId: tenant.id }
			}
		});
		const input = { organizationId: tenant.id, userId, confirmation: ADDRESS };
		const [row] = await house.sql`select * from users where id = ${userId}`;
		const person = { ...tenant.agent, userId, email: ADDRESS, name: String(row?.name) };
		await openSession(house.context({ kind: 'anonymous' }), userId, { address: '203.0.113.9' });
		await createToken({
			ctx: house.commandLine(),
			input: { email: ADDRESS, name: 'For scripts' }
		});
		await house.place(tenant.id, { user: { id: userId, name: MEMBER } });
		await house.sql`
			insert into mails (key, organization_id, "to", subject, text) values (${uuid()}, ${tenant.id}, ${ADDRESS}, 'Hello', ${MEMBER})`;
		await createContact({
			ctx: { ...house.as(person), request: { address: '203.0.113.9', requestId: uuid() } },
			input: { requestId: uuid(), name: 'Lead', phone: newNumber() }
		});
		await expect(eraseMember({ ctx, input })).rejects.toMatchObject({ code: 'conflict' });
		await setMemberActive({ ctx, input: { organizationId: tenant.id, userId, isActive: false } });
		const wrong = { ...input, confirmation: 'walrus@sentinel.example' };
		await expect(eraseMember({ ctx, input: wrong })).rejects.toMatchObject({ code: 'invalid' });
		for (const text of [MEMBER, ADDRESS]) expect(await placesOf(text), text).not.toEqual([]);

		await eraseMember({ ctx, input });
		for (const text of [MEMBER, ADDRESS, 'Walrus', '203.0.113.9']) {
			expect(await placesOf(text), text).toEqual([]);
		}
		const [call] =
			await house.sql`select count(*)::int as count from calls where user_id = ${userId}`;
		expect(call?.count).toBe(1);
		const [audit] = await house.sql`select after from audit_log where action = 'member.erased'`;
		expect(audit?.after).toEqual({ userId });
	});
});
