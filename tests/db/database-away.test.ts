import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getDashboard } from '$lib/server/dashboard/get-dashboard';
import { openDatabase } from '$lib/server/db/client';
import { isConnectionTrouble } from '$lib/server/db/trouble';
import { Lane } from '$lib/server/lane/lane';
import type { Services } from '$lib/server/services';
import { startGuardedPostgres, type GuardedPostgres } from '../support/guarded-postgres';
import { House, type Tenant } from '../support/house';
import { completedForm, post, storyOf, type Form } from '../support/house-callbacks';
import { FeedReader } from '../support/house-feed';
import { inTurn, openProcesses, tally } from '../support/house-lanes';

let postgres: GuardedPostgres;
let house: House;
let processes: Services[];
/** What would have ended a process that nobody watches. */
const uncaught: unknown[] = [];
const noteUncaught = (error: unknown) => uncaught.push(error);

beforeAll(async () => {
	process.on('uncaughtException', noteUncaught);
	postgres = await startGuardedPostgres({
		settings: { fsync: 'off', full_page_writes: 'off' },
		database: 'talktime_away',
		seedsDemo: false
	});
	house = await House.open({ databaseUrl: postgres.databaseUrl, providers: {} });
	processes = await openProcesses(house, 2);
});
afterEach(async () => {
	expect(uncaught.splice(0)).toEqual([]);
	await observe((observer) => observer.expectBooksToBalance());
});
afterAll(async () => {
	process.off('uncaughtException', noteUncaught);
	await house.close();
	await postgres.remove();
});

/** Looks at the database with eyes that did not see it go. */
async function observe<T>(look: (observer: House) => Promise<T>): Promise<T> {
	const observer = await House.open({ databaseUrl: postgres.databaseUrl, providers: {} });
	try {
		return await look(observer);
	} finally {
		await observer.close();
	}
}

interface Posted {
	form: Form;
	callId: string;
	/** The HTTP status, or what was thrown instead. */
	outcome: string;
}

interface Planned {
	form: Form;
	callId: string;
}

async function planCalls(tenant: Tenant, count: number): Promise<Planned[]> {
	const calls = await Promise.all(Array.from({ length: count }, () => house.placeBound(tenant.id)));
	const stories = calls.map(({ callId, sid }) =>
		storyOf(sid, house.clock.read(), 61).map((form) => ({ form, callId }))
	);
	// The first callback of every call, then the second of every call: each third holds all kinds.
	return [0, 1, 2, 3].flatMap((step) => stories.flatMap((story) => story.slice(step, step + 1)));
}

function postAll(plans: Planned[]): Promise<Posted>[] {
	return plans.map(async ({ form, callId }, index) => {
		const outcome = await post(inTurn(processes, index), form, { callId }).then(
			(answer) => String(answer.status),
			(error: unknown) => `thrown: ${error}`
		);
		return { form, callId, outcome };
	});
}

/** Every callback that was answered 200 is in the inbox. */
async function expectNothingLost(posted: Posted[], observer: House): Promise<void> {
	const rows = await observer.sql<{ key: string }[]>`select dedupe_key as key from deliveries`;
	const stored = new Set(rows.map((row) => row.key));
	const keyOf = ({ form }: Posted) => `${form.CallSid}:${form.SequenceNumber}:${form.CallStatus}`;
	const answered = posted.filter(({ outcome }) => outcome === '200');
	expect(answered.map(keyOf).filter((key) => !stored.has(key))).toEqual([]);
}

/** As Twilio does with what was not answered 2xx. */
async function postAgain(posted: Posted[]): Promise<void> {
	for (const { form, callId } of posted.filter(({ outcome }) => outcome !== '200')) {
		expect((await post(house.services, form, { callId })).status).toBe(200);
	}
}

async function killPostgres(): Promise<void> {
	const [row] = await house.sql<{ file: string }[]>`select pg_read_file('postmaster.pid') as file`;
	process.kill(Number(row?.file.split('\n')[0]), 'SIGKILL');
}

/** As a restart of a pooler in between does; the server stays. */
async function cutConnections(): Promise<void> {
	const admin = openDatabase(postgres.adminUrl, 1);
	await admin.sql`
		select pg_terminate_backend(pid) from pg_stat_activity
		where datname = 'talktime_away' and pid <> pg_backend_pid()`;
	await admin.close();
}

describe('a database that goes away', () => {
	it('given a transaction, when the server ends its connection, then it fails and the next one works', async () => {
		const database = openDatabase(postgres.databaseUrl, 2);
		for (let time = 0; time < 3; time++) {
			const broken = database.db.transaction(async (tx) => {
				await tx.execute('select 1');
				await cutConnections();
				await tx.execute('select 1');
			});
			await expect(broken).rejects.toSatisfy(isConnectionTrouble);
			const next = database.db.transaction((tx) => tx.execute('select 1 as one'));
			expect(await next).toEqual([{ one: 1 }]);
		}
		await database.close();
	});

	it.each([
		['is cut off', cutConnections, async () => {}],
		['is stopped', () => postgres.stop(), () => postgres.start()],
		['is killed', killPostgres, () => postgres.start()]
	])(
		'given callbacks under way, when Postgres %s and is there again, then nothing answered 200 is lost and every call settles once',
		async (_name, takeAway, bringBack) => {
			const tenant = await house.createTenant({ minutes: 300 });
			const plans = await planCalls(tenant, 40);
			const reader = new FeedReader({
				services: inTurn(processes, 1),
				organizationId: tenant.id,
				cursor: 's0'
			});
			const before = postAll(plans.slice(0, 60));
			await Promise.race(before);
			const away = takeAway();
			const during = postAll(plans.slice(60, 110));
			await away;
			const whileAway = postAll(plans.slice(110));
			await bringBack();
			const posted = await Promise.all([...before, ...during, ...whileAway]);
			const outcomes = Object.keys(tally(posted.map(({ outcome }) => outcome)));
			expect(outcomes.filter((outcome) => outcome !== '200' && outcome !== '503')).toEqual([]);
			await observe((observer) => expectNothingLost(posted, observer));
			await postAgain(posted);
			await house.place(tenant.id);
			await observe(async (observer) => {
				const credit = await observer.credit(tenant.id);
				expect(credit).toMatchObject({ used: 80, held: 3, live: 1, debt: 0 });
				const charges = await observer.sql`
					select count(*)::int as charges, count(distinct call_id)::int as calls
					from call_minutes_usage_log where organization_id = ${tenant.id}`;
				expect(charges).toEqual([{ charges: 40, calls: 40 }]);
				const [head] = await observer.sql<{ seq: number }[]>`
					select live_seq::int as seq from organization_call_minutes where organization_id = ${tenant.id}`;
				await reader.untilSeq(tenant.id, head?.seq ?? 0);
				expect(reader.events.map((event) => event.seq)).toEqual(
					Array.from({ length: head?.seq ?? 0 }, (_, index) => index + 1)
				);
			});
			await reader.leave();
		}
	);

	it('given a database that was away, when pages read from it again, then none of them fails', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const ctx = house.as(tenant.agent);
		const readAll = () => Promise.all(Array.from({ length: 8 }, () => getDashboard({ ctx })));
		await readAll();
		const reading = readAll().catch(() => []);
		await postgres.stop();
		await reading;
		await postgres.start();
		for (let again = 0; again < 3; again++) expect(await readAll()).toHaveLength(8);
	});

	it('given a lane whose patience ends first, when a callback and a call come, then they are refused, stored nowhere, and work when they come again', async () => {
		const tenant = await house.createTenant({ minutes: 10 });
		const { callId, sid } = await house.placeBound(tenant.id);
		const { services } = house;
		const lane = new Lane({
			sql: services.database.sql,
			clock: house.clock.read,
			onCommitted: (events) => services.hub.publish(events),
			patienceMs: 100
		});
		const hasty: Services = { ...services, lane };
		const form = completedForm(sid, house.clock.read(), '61');
		await postgres.stop();
		const answers = await Promise.all([1, 2, 3].map(() => post(hasty, form, { callId })));
		expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
		const call = house.place(tenant.id, {}, hasty);
		await expect(call).rejects.toThrow('The database cannot be reached right now.');
		await postgres.start();
		const stored = await observe((observer) =>
			Promise.resolve(observer.sql`select 1 from deliveries where call_id = ${callId}`)
		);
		expect(stored).toEqual([]);
		expect(await post(hasty, form, { callId })).toEqual({ status: 200, body: 'applied' });
		await house.place(tenant.id, {}, hasty);
		const credit = await observe((observer) => observer.credit(tenant.id));
		expect(credit).toMatchObject({ used: 2, held: 3, live: 1 });
	});

	it('given a lane that drains, when commands are under way, then they are finished and later ones are refused', async () => {
		const tenant = await house.createTenant({ minutes: 100 });
		const leaving = await house.openServices();
		const placed = Promise.all(
			Array.from({ length: 20 }, () => house.place(tenant.id, {}, leaving))
		);
		await leaving.lane.drain();
		expect(await placed).toHaveLength(20);
		expect(leaving.lane.depth).toBe(0);
		await expect(house.place(tenant.id, {}, leaving)).rejects.toThrow('Talktime is stopping.');
		const form = completedForm('CAlate', house.clock.read(), '1');
		expect((await post(leaving, form)).status).toBe(503);
	});
});
