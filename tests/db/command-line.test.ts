import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findPersonByToken } from '$lib/server/auth/find-person';
import { House } from '../support/house';
import { runTalktime } from '../support/house-command-line';

let house: House;

beforeAll(async () => {
	house = await House.open({ providers: {} });
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

async function runJson(...words: string[]) {
	const outcome = await runTalktime(house.databaseUrl, ...words, '--json');
	expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
	return JSON.parse(outcome.stdout);
}

describe('the command line', () => {
	it('given an empty database, when organisation, user, token and minutes are made, then each answers as JSON and is there', async () => {
		const organization = await runJson(
			'org',
			'create',
			'--name',
			'Nordlicht',
			'--timezone',
			'Asia/Kolkata'
		);
		expect(organization).toMatchObject({ id: expect.any(Number), name: 'Nordlicht' });
		const org = String(organization.id);
		const user = await runJson(
			...['user', 'create', '--org', org, '--email', 'Agent@nordlicht.test'],
			...['--role', 'agent', '--password', 'ten-or-more-letters']
		);
		expect(user).toMatchObject({ id: expect.any(String), email: 'Agent@nordlicht.test' });
		const [{ token }, minutes] = await Promise.all([
			runJson('token', 'create', '--email', 'agent@nordlicht.test'),
			runJson('minutes', 'allocate', '--org', org, '--minutes', '10', '--reason', 'first month')
		]);
		expect(await findPersonByToken(house.services, token)).toMatchObject({
			person: { userId: user.id, role: 'agent', organizationId: organization.id },
			scopes: null
		});
		expect(await house.sql`select 1 from api_tokens where token_hash = ${token}`).toEqual([]);
		expect(minutes).toMatchObject({ organizationId: organization.id, remainingMinutes: 10 });
		expect(await runJson('org', 'list')).toEqual([
			{
				id: organization.id,
				name: 'Nordlicht',
				billing_mode: 'minutes_then_wallet',
				timezone: 'Asia/Kolkata',
				is_active: true,
				total_minutes: 10,
				used_minutes: 0,
				held_minutes: 0
			}
		]);
		const audited = await house.sql`select actor_kind, action from audit_log order by id`;
		expect(new Set(audited.map((row) => `${row.actor_kind} ${row.action}`))).toEqual(
			new Set([
				'command_line organization.create',
				'command_line user.create',
				'command_line token.create',
				'command_line minutes.allocate'
			])
		);
	});

	it('given a person, when their phone is entered, then it is kept as E.164 and audited', async () => {
		const { agent } = await house.createTenant();
		const words = ['user', 'phone', '--email', agent.email, '--phone', '(202) 555-0123'];
		const entered = await runJson(...words);
		expect(entered).toEqual({ email: agent.email, phone: '+12025550123' });
		const [audited] = await house.sql`
			select after from audit_log where action = 'user.set_phone' order by id desc limit 1`;
		expect(audited?.after).toEqual(entered);
	});

	it('given no --json, when a command works, then it says what it did in one line', async () => {
		const { stdout } = await runTalktime(house.databaseUrl, 'org', 'create', '--name', 'One line');
		expect(stdout).toMatch(/^Created organisation \d+, One line\.\n$/);
	});

	it('given bad input, when a command runs, then it says so in one clear line, exits with an error and changes nothing', async () => {
		const { id, agent } = await house.createTenant();
		const allocate = (org: string, minutes: string, reason = 'a reason') => [
			'minutes',
			'allocate',
			`--org=${org}`,
			`--minutes=${minutes}`,
			`--reason=${reason}`
		];
		const user = (fields: Record<string, string>) => {
			const all = { org: String(id), email: 'a@b.test', role: 'agent', password: 'long-enough-1' };
			const words = Object.entries({ ...all, ...fields }).map(
				([key, value]) => `--${key}=${value}`
			);
			return ['user', 'create', ...words];
		};
		const cases: [string[], RegExp][] = [
			[allocate(String(id), '-5'), /minutes/i],
			[allocate(String(id), '1.5'), /minutes/i],
			[allocate(String(id), 'many'), /minutes/i],
			[allocate(String(id), '1000001'), /minutes/i],
			[allocate(String(id), '5', 'x'), /reason/i],
			[allocate('2147483000', '5'), /organi[sz]ation/i],
			[['minutes', 'allocate', `--org=${id}`, '--minutes=5'], /reason/i],
			[['org', 'create', '--name=Zoned', '--timezone=Mars/Olympus'], /Mars\/Olympus/],
			[user({ email: 'no-address' }), /email/i],
			[user({ email: agent.email.toUpperCase() }), /account/i],
			[user({ role: 'owner' }), /role/i],
			[user({ password: 'short' }), /password/i],
			[user({ org: '2147483000' }), /2147483000/],
			[['token', 'create', '--email', 'nobody@nowhere.test'], /nobody@nowhere\.test/],
			[['user', 'phone', `--email=${agent.email}`, '--phone=soon'], /phone/],
			[['user', 'phone', '--email=nobody@nowhere.test', '--phone=+12025550123'], /nobody/],
			[['org', 'list', '--colour'], /colour/i]
		];
		const before = await house.fingerprint();
		const waiting = [...cases];
		const runNext = async () => {
			for (let one = waiting.shift(); one; one = waiting.shift()) {
				const [words, sentence] = one;
				const outcome = await runTalktime(house.databaseUrl, ...words);
				expect(outcome.exitCode, words.join(' ')).toBeGreaterThan(0);
				expect(outcome.stdout, words.join(' ')).toBe('');
				expect(outcome.stderr, words.join(' ')).toMatch(/^talktime: [^\n]{10,300}\n$/);
				expect(outcome.stderr, words.join(' ')).toMatch(sentence);
				expect(outcome.stderr, words.join(' ')).not.toMatch(/Failed query|undefined|NaN/);
			}
		};
		await Promise.all([runNext(), runNext(), runNext()]);
		expect(await house.fingerprint()).toEqual(before);
	});

	it('given a database that is not there, when a command runs, then it says so in one line', async () => {
		const url = 'postgres://nobody@127.0.0.1:9/nothing';
		const outcome = await runTalktime(url, 'org', 'list');
		expect(outcome.exitCode).toBe(1);
		expect(outcome.stderr).toMatch(/^talktime: [^\n]+\n$/);
		expect(outcome.stderr).not.toMatch(/Failed query/);
	});

	it('given --help, when it is asked for, then every command is listed', async () => {
		const { stdout, exitCode } = await runTalktime(house.databaseUrl, '--help');
		expect(exitCode).toBe(0);
		for (const words of ['migrate', 'admin create', 'token create', 'org list', 'reconcile']) {
			expect(stdout).toContain(words);
		}
	});
});
