/** Who may do what to whose at the REST endpoints: each route, with the hooks before it (DESIGN.md section 10). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TOKEN_SCOPES } from '$lib/domain/token-scopes';
import type { Person } from '$lib/server/context';
import { hashOf } from '$lib/server/reports/seal-reports';
import { startSandbox, type RunningSandbox } from '../../src/sandbox/server';
import { House, type Tenant } from '../support/house';
import { HttpHouse } from '../support/house-http';
import { RecordingProvider } from '../support/house-provider';
import { ALL_WHOSE, type Target, type Whose } from '../support/house-rule';
import { KEYED_PROVIDERS } from '../support/house-sandbox';
import { SECRET_KEY, WEBHOOK_SECRET } from '../support/house-stripe';
import { targetsOf } from '../support/house-targets';
import { REST_RULES, type RestRule } from '../support/rest-rules';
import { methodsOf, serverRoutes } from '../support/routes';

type Role = 'super_admin' | 'manager' | 'agent';
const ROLES: Role[] = ['super_admin', 'manager', 'agent'];
type Headers = Record<string, string>;

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'talktime-rest-'));
let sandbox: RunningSandbox;
let house: House;
let http: HttpHouse;
let mine: Tenant;
let theirs: Tenant;
let admin: Person;
let targets: Record<Whose, Target>;

beforeAll(async () => {
	sandbox = await startSandbox({
		speed: 1_000,
		seed: 'rest',
		environment: { STRIPE_SECRET_KEY: SECRET_KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET },
		log: () => {}
	});
	house = await House.open({
		providers: { twilio: new RecordingProvider() },
		environment: {
			...KEYED_PROVIDERS,
			STRIPE_SECRET_KEY: SECRET_KEY,
			STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
			STRIPE_API_BASE_URL: sandbox.url,
			TALKTIME_DATA_DIR: dataDir,
			RATE_LIMIT_FACTOR: '0'
		}
	});
	http = await HttpHouse.open(house);
	admin = await house.createPerson('super_admin');
});
beforeEach(async () => {
	[mine, theirs] = [
		await house.createTenant({ minutes: 50 }),
		await house.createTenant({ minutes: 50 })
	];
	targets = await targetsOf(house, mine, theirs);
	for (const [tenant, target] of [
		[mine, targets.own] as const,
		[theirs, targets.foreign] as const
	]) {
		await furnish(tenant, target);
	}
});
afterEach(() => house.expectBooksToBalance());
afterAll(async () => {
	await house.close();
	await sandbox.close();
	rmSync(dataDir, { recursive: true });
});

/** Files that can be fetched: a recording and a sealed month. */
async function furnish(tenant: Tenant, target: Target): Promise<void> {
	const file = path.join(dataDir, uuid());
	writeFileSync(file, tenant.name);
	const bytes = tenant.name.length;
	await house.services.recordings.put(target.recordingId, {
		path: file,
		bytes,
		contentType: 'audio/mpeg'
	});
	await house.sql`
		update recordings set state = 'stored', storage_key = ${target.recordingId}, bytes = ${bytes},
			content_type = 'audio/mpeg', stored_at = now() where id = ${target.recordingId}`;
	const none = { calls: 0, completed: 0, failed: 0, cancelled: 0, answered: 0, talkSeconds: 0 };
	const body = JSON.stringify({
		organization: tenant.name,
		month: '2026-10',
		start: '2026-10-01',
		end: '2026-10-31',
		timezone: 'UTC',
		totals: { ...none, billedMinutes: 0, cost: '0' },
		days: [],
		countries: [],
		agents: [],
		providers: [],
		endReasons: [],
		corrections: []
	});
	await house.sql`
		insert into usage_reports (id, organization_id, month, body, content_hash, sealed_at)
		values (${uuid()}, ${tenant.id}, '2026-10', ${body}, ${hashOf(body)}, now())`;
}

function personOf(role: Role): Person {
	return role === 'super_admin' ? admin : mine[role];
}

async function statusOf(rule: RestRule, whose: Whose, headers: Headers): Promise<[number, string]> {
	const [method = ''] = rule.endpoint.split(' ');
	const { at, body } = rule.ask(targets[whose]);
	const sent = typeof body === 'object' ? JSON.stringify(body) : body;
	const answer = await http.ask({ method, at, headers, body: sent });
	return [answer.status, await answer.text()];
}

/** Without what is noted of every session and token that is used. */
async function fingerprint(): Promise<Record<string, string>> {
	const { sessions: _sessions, api_tokens: _tokens, ...tables } = await house.fingerprint();
	return tables;
}

function answersFor(rule: RestRule, role: Role) {
	if (role === 'super_admin') return rule.superAdmin;
	return role === 'agent' ? (rule.agent ?? rule.member) : rule.member;
}

const nameOf = ({ endpoint, as }: RestRule) => (as === undefined ? endpoint : `${endpoint} ${as}`);
const isWrite = ({ endpoint }: RestRule) => !/^(GET|HEAD) /.test(endpoint);

describe('who may do what to whose over HTTP', () => {
	it('given every route that answers by itself, when the rules are read, then each method of each has one', () => {
		const endpoints = serverRoutes().flatMap((route) =>
			methodsOf(route).map((method) => `${method} ${route.path}`)
		);
		const ruled = new Set(REST_RULES.map(({ endpoint }) => endpoint));
		expect([...ruled].sort()).toEqual(endpoints.sort());
		expect(ruled.size).toBeGreaterThan(30);
	});

	it.each(REST_RULES.map((rule) => [nameOf(rule), rule] as const))(
		'given every role in a browser, when it asks %s of its own, another or nobody, then it is answered as designed and a refusal changes nothing',
		async (_name, rule) => {
			const browsers = new Map<Role, Headers>();
			for (const role of ROLES) browsers.set(role, await http.browserOf(personOf(role)));
			const cases = ROLES.flatMap((role) =>
				ALL_WHOSE.map((whose, index) => ({ role, whose, status: answersFor(rule, role)[index] }))
			);
			const before = await fingerprint();
			for (const { role, whose, status } of cases.filter((one) => Number(one.status) >= 400)) {
				const [given, text] = await statusOf(rule, whose, browsers.get(role) ?? {});
				expect(given, `${role} and ${whose}: ${text.slice(0, 200)}`).toBe(status);
				expect(text, `${role} and ${whose}`).not.toContain(theirs.name);
			}
			expect(await fingerprint()).toEqual(before);
			for (const { role, whose, status } of cases.filter((one) => Number(one.status) < 400)) {
				const [given, text] = await statusOf(rule, whose, browsers.get(role) ?? {});
				expect(given, `${role} and ${whose}: ${text.slice(0, 200)}`).toBe(status);
				if (role !== 'super_admin') expect(text).not.toContain(theirs.name);
			}
			expect(http.faults).toEqual([]);
		}
	);

	it.each(REST_RULES.map((rule) => [nameOf(rule), rule] as const))(
		'given nobody, a token that is none, one without the scope, or another site, when it asks %s, then it is refused and nothing changes',
		async (_name, rule) => {
			const { origin } = house.services.config;
			const own = answersFor(rule, 'manager')[0];
			const all = await http.programOf(mine.manager);
			const lacking = TOKEN_SCOPES.filter((scope) => scope !== rule.scope);
			const poor = await http.programOf(mine.manager, lacking);
			const { cookie = '' } = await http.browserOf(mine.manager);
			const stranger = rule.stranger ?? 401;
			const before = await fingerprint();

			const attempts: [string, Headers, number][] = [
				['nobody', { origin }, stranger],
				['a made-up token', { authorization: 'Bearer tt_made_up' }, stranger],
				['a made-up session', { cookie: 'talktime_session=made-up', origin }, stranger]
			];
			const isOpen = rule.scope === 'open';
			attempts.push(['a token without the scope', poor, isOpen ? stranger : 403]);
			if (isWrite(rule) && !isOpen) {
				attempts.push(['a page of another site', { cookie, origin: 'https://evil.example' }, 403]);
				attempts.push(['a session without an origin', { cookie }, 403]);
			}
			for (const [who, headers, status] of attempts) {
				const [given, text] = await statusOf(rule, 'own', headers);
				expect(given, `${who}: ${text.slice(0, 200)}`).toBe(status);
			}
			expect(await fingerprint()).toEqual(before);

			// The same door opens for a token that has the scope, and only that.
			expect((await statusOf(rule, 'own', all))[0]).toBe(own);
			if (rule.scope !== null && rule.scope !== 'open') {
				const narrow = await http.programOf(mine.manager, [rule.scope]);
				expect((await statusOf(rule, 'own', narrow))[0]).toBe(own);
			}
			expect(http.faults).toEqual([]);
		}
	);
});
