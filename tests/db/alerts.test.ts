import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addWebhook } from '$lib/server/alerts/add-webhook';
import { listAlerts } from '$lib/server/alerts/list-alerts';
import { listWebhooks } from '$lib/server/alerts/list-webhooks';
import { markAlertsSeen } from '$lib/server/alerts/mark-seen';
import { removeWebhook } from '$lib/server/alerts/remove-webhook';
import { rotateWebhook } from '$lib/server/alerts/rotate-webhook';
import { sendWebhooks } from '$lib/server/alerts/send-webhooks';
import { setAlertPreference } from '$lib/server/alerts/set-preference';
import { testWebhook } from '$lib/server/alerts/test-webhook';
import { watchAlerts } from '$lib/server/alerts/watch-alerts';
import { currentCursor } from '$lib/server/live/feed';
import type { Person } from '$lib/server/context';
import { House, type Tenant } from '../support/house';
import { FeedReader } from '../support/house-feed';

let house: House;
let tenant: Tenant;

beforeAll(async () => {
	house = await House.open({ providers: {}, environment: { TALKTIME_DEMO: '1' } });
});
beforeEach(async () => {
	tenant = await house.createTenant({ minutes: 100 });
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

const watch = () => watchAlerts({ ctx: house.context({ kind: 'job' }) });
/** Only of minutes: what is used at once is unusual spending too. */
async function inboxOf(person: Person) {
	const inbox = await listAlerts({ ctx: house.as(person), input: { limit: 30 } });
	return { ...inbox, rows: inbox.rows.filter(({ kind }) => kind === 'low_minutes') };
}

async function use(minutes: number, organizationId = tenant.id): Promise<void> {
	await house.services.lane.submit({
		kind: 'consume',
		organizationId,
		externalCallId: `pbx-${house.newCallId()}`,
		minutes,
		callStartMs: house.clock.read(),
		callEndMs: house.clock.read()
	});
}

async function mailsTo(person: Person): Promise<string[]> {
	const rows = await house.sql<{ subject: string }[]>`
		select subject from mails where "to" = ${person.email} order by id`;
	return rows.map(({ subject }) => subject);
}

describe('the alerts of an organisation', () => {
	it('given minutes that run down, when it is looked at, then each level is told once, kept, streamed and mailed, and is over after more came', async () => {
		const cursor = await currentCursor(house.services, tenant.id);
		await use(79);
		await watch();
		expect((await inboxOf(tenant.manager)).rows).toEqual([]);
		await use(1);
		await watch();
		await watch();
		house.clock.advanceSeconds(1);
		await use(20);
		await watch();
		const subject = (left: string) => expect.stringContaining(left);
		expect(await mailsTo(tenant.manager)).toEqual([
			subject('has 20 minutes left'),
			subject('has no minutes left')
		]);
		expect(await mailsTo(tenant.agent)).toEqual([]);

		await house.allocate(tenant.id, 500);
		await watch();
		house.clock.advanceSeconds(121);
		await watch();
		const inbox = await inboxOf(tenant.agent);
		expect(inbox).toMatchObject({
			unseen: 3,
			rows: [
				{ kind: 'low_minutes', level: 3, resolvedAt: expect.any(String) },
				{ kind: 'low_minutes', level: 1, resolvedAt: expect.any(String) }
			]
		});

		const reader = new FeedReader({ services: house.services, organizationId: tenant.id, cursor });
		const told: unknown[] = [];
		while (told.length < 4) {
			const { item } = await reader.until(({ name }) => name === 'alert:created');
			if (item.name === 'alert:created' && item.payload.kind === 'low_minutes') {
				told.push([item.payload.level, item.payload.resolvedAt !== null]);
			}
		}
		await reader.leave();
		expect(told).toEqual([
			[1, false],
			[1, true],
			[3, false],
			[3, true]
		]);

		await markAlertsSeen({ ctx: house.as(tenant.agent) });
		expect((await inboxOf(tenant.agent)).unseen).toBe(0);
		expect((await inboxOf(tenant.manager)).unseen).toBe(3);
	});

	it('given another organisation, when its alerts are listed, then none of ours is among them, and a super admin sees both', async () => {
		const other = await house.createTenant({ minutes: 10 });
		await use(100);
		await use(10, other.id);
		await watch();
		const whose = async (person: Person) =>
			new Set((await inboxOf(person)).rows.map(({ organizationId }) => organizationId));
		expect(await whose(tenant.manager)).toEqual(new Set([tenant.id]));
		expect(await whose(other.agent)).toEqual(new Set([other.id]));
		const admin = await house.createPerson('super_admin');
		expect(await whose(admin)).toEqual(expect.objectContaining(new Set([tenant.id, other.id])));
	});

	it('given a balance that hovers at its line for two days, when it is looked at each half hour, then there is one mail a day', async () => {
		const rich = await house.createTenant({ dollars: '12' });
		for (let step = 0; step < 96; step++) {
			if (step % 2 === 0) await spend(rich.id, '2.00');
			else await house.pay(rich.id, '2.00');
			await watch();
			house.clock.advanceSeconds(1800);
		}
		expect((await mailsTo(rich.manager)).length).toBeLessThanOrEqual(3);
		expect((await mailsTo(rich.manager)).length).toBeGreaterThan(0);
	});

	it('given a person who wants no mail of it, when minutes run out, then only the others get one', async () => {
		const input = { kind: 'low_minutes', isMailed: false, isToasted: true } as const;
		await setAlertPreference({ ctx: house.as(tenant.manager), input });
		await use(100);
		await watch();
		expect(await mailsTo(tenant.manager)).toEqual([]);
		expect((await inboxOf(tenant.manager)).unseen).toBe(2);
		const platform = { kind: 'provider_down', isMailed: true, isToasted: true } as const;
		await expect(
			setAlertPreference({ ctx: house.as(tenant.manager), input: platform })
		).rejects.toMatchObject({ code: 'forbidden' });
	});

	it('given two processes that look at the same moment, when minutes ran out, then it is raised once', async () => {
		await use(100);
		const other = await house.openServices();
		await Promise.all([watch(), watchAlerts({ ctx: house.context({ kind: 'job' }, other) })]);
		await watch();
		expect((await inboxOf(tenant.manager)).rows).toHaveLength(1);
	});

	it('given a lane at work on the organisation, when minutes ran out, then neither waits for the other in a ring', async () => {
		await use(100);
		const waiting = async () => {
			const rows = await house.sql`
				select pid from pg_stat_activity
				where datname = current_database() and wait_event_type = 'Lock'`;
			return rows.length;
		};
		let watched: Promise<unknown> = Promise.resolve();
		await house.sql.begin(async (lane) => {
			const { id } = tenant;
			await lane`select from organization_call_minutes where organization_id = ${id} for update`;
			watched = watch();
			await expect.poll(waiting).toBe(1);
			// What the lane locks next: it is refused here if the watcher has it already.
			await lane`select from organizations where id = ${id} for update nowait`;
		});
		await watched;
		expect((await inboxOf(tenant.manager)).rows).toHaveLength(1);
	});
});

async function spend(organizationId: number, dollars: string): Promise<void> {
	await house.services.lane.submit({
		kind: 'move_money',
		transactionId: house.newCallId(),
		organizationId,
		type: 'debit',
		amountMicros: BigInt(Math.round(Number(dollars) * 1e6)),
		description: 'for a test',
		metadata: {},
		actor: { kind: 'command_line' }
	});
}

describe('the webhooks of an organisation', () => {
	interface Received {
		headers: http.IncomingHttpHeaders;
		body: string;
	}
	const received: Received[] = [];
	let answers = 200;
	let server: http.Server;
	let url: string;

	beforeAll(async () => {
		server = http.createServer((request, response) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
				response.writeHead(answers).end();
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
	});
	beforeEach(() => {
		received.length = 0;
		answers = 200;
	});
	afterAll(() => new Promise((resolve) => server.close(resolve)));

	const send = () => sendWebhooks({ ctx: house.context({ kind: 'job' }) });
	const manager = () => house.as(tenant.manager);

	/** Written apart from the product's. */
	function signature(secret: string, { headers, body }: Received): string {
		const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
		const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
		return `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
	}

	it('given an address, when minutes run out, then it is posted the alert, signed, and another organisation is not', async () => {
		const { secret } = await addWebhook({ ctx: manager(), input: { url } });
		const other = await house.createTenant({ minutes: 10 });
		await use(10, other.id);
		await use(100);
		await watch();
		await send();
		const message = received.find(({ body }) => body.includes('low_minutes'));
		expect(received.every(({ body }) => body.includes(`"organizationId":${tenant.id}`))).toBe(true);
		if (!message) throw new Error('Nothing came.');
		expect(JSON.parse(message.body)).toMatchObject({
			type: 'alert.raised',
			data: { organizationId: tenant.id, kind: 'low_minutes', level: 3 }
		});
		expect(message.headers['webhook-signature']).toBe(signature(secret, message));
		expect(await send()).toEqual({ sent: 0 });
	});

	it('given an address that fails, when it is posted to, then it is tried again after a wait under the same id, and given up in the end', async () => {
		const { endpoint } = await addWebhook({ ctx: manager(), input: { url } });
		await testWebhook({ ctx: manager(), input: { endpointId: endpoint.id } });
		answers = 500;
		await send();
		await send();
		expect(received).toHaveLength(1);
		house.clock.advanceSeconds(6);
		await send();
		expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
		expect(received).toHaveLength(2);
		for (let day = 0; day < 10; day++) {
			house.clock.advanceSeconds(86_400);
			await send();
		}
		expect(received).toHaveLength(10);
		const [shown] = await listWebhooks({ ctx: manager() });
		expect(shown?.messages).toMatchObject([
			{ state: 'failed', attempts: 10, note: 'It was answered 500.' }
		]);
	});

	it('given a new secret, when it is posted to within a day, then both sign, and later only the new one', async () => {
		const { endpoint, secret: before } = await addWebhook({ ctx: manager(), input: { url } });
		const input = { endpointId: endpoint.id };
		const { secret: after } = await rotateWebhook({ ctx: manager(), input });
		await testWebhook({ ctx: manager(), input });
		await send();
		house.clock.advanceSeconds(90_000);
		await testWebhook({ ctx: manager(), input });
		await send();
		const [first, second] = received;
		if (!first || !second) throw new Error('Two were to come.');
		expect(first.headers['webhook-signature']).toBe(
			`${signature(after, first)} ${signature(before, first)}`
		);
		expect(second.headers['webhook-signature']).toBe(signature(after, second));
	});

	it('given bad addresses, when they are added, then each is refused in a sentence and nothing is kept', async () => {
		for (const bad of ['http://example.com/x', 'https://a:b@example.com/', 'ftp://example.com']) {
			await expect(addWebhook({ ctx: manager(), input: { url: bad } })).rejects.toMatchObject({
				code: 'invalid',
				fields: { url: expect.any(String) }
			});
		}
		await addWebhook({ ctx: manager(), input: { url } });
		await expect(addWebhook({ ctx: manager(), input: { url } })).rejects.toMatchObject({
			code: 'conflict'
		});
		expect(await listWebhooks({ ctx: manager() })).toHaveLength(1);
	});

	it('given an address that is removed, when something waits for it, then it is not sent', async () => {
		const { endpoint } = await addWebhook({ ctx: manager(), input: { url } });
		const input = { endpointId: endpoint.id };
		await testWebhook({ ctx: manager(), input });
		await removeWebhook({ ctx: manager(), input });
		expect(await send()).toEqual({ sent: 0 });
		expect(received).toEqual([]);
	});
});
