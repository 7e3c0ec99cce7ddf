/**
 * A house to test in: the real services on a database of the test file's own, with organisations, people
 * and a clock that moves only when told. `openServices` opens another process's worth of services on the
 * same database.
 */
import { randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { expect } from 'vitest';
import type { Call } from '$lib/domain/call/call';
import type { BillingMode } from '$lib/domain/credit/types';
import { DEFAULT_RATE } from '$lib/domain/credit/rating';
import type { BindProviderCall, PlaceCall } from '$lib/domain/lane/commands';
import { parseMicros } from '$lib/domain/money';
import type { Role } from '$lib/domain/permissions';
import { readConfig } from '$lib/server/config';
import { createContext, type Context, type Person } from '$lib/server/context';
import { createLog } from '$lib/server/log';
import { allocateMinutes } from '$lib/server/minutes/allocate-minutes';
import { createOrganization } from '$lib/server/organizations/create-organization';
import type { ProviderRegistry } from '$lib/server/providers/registry';
import { reconcile } from '$lib/server/reconcile/reconcile';
import { createServices, type Services } from '$lib/server/services';
import { createTestDatabase } from './database';

export const ACCOUNT_SID = 'AC00000000000000000000000000000001';
export const AUTH_TOKEN = 'a-token-for-tests';
export const FROM_NUMBER = '+12025550101';
export const ORIGIN = 'http://localhost:3000';
const START_MS = Date.parse('2026-11-21T10:00:00Z');
/** Of no password: people here do not sign in, and hashing would cost more than their test. */
const NO_PASSWORD_HASH = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$bm9ib2R5';

/** Stands still at one moment, or follows another clock, until it is moved. */
export class TestClock {
	private movedMs = 0;

	constructor(private readonly base: () => number = () => START_MS) {}

	readonly read = (): number => this.base() + this.movedMs;

	advanceSeconds(seconds: number): void {
		this.movedMs += seconds * 1000;
	}
}

export interface HouseOptions {
	/** Of a migrated database; without it the house makes its own, and drops it. */
	databaseUrl?: string;
	clock?: TestClock;
	origin?: string;
	/** Over the usual environment. */
	environment?: Record<string, string>;
	/** Without it: Twilio's real adapter, at the base URL of the environment. */
	providers?: ProviderRegistry;
}

export interface Tenant {
	id: number;
	name: string;
	agent: Person;
	manager: Person;
}

export interface NewTenant {
	minutes?: number;
	name?: string;
	/** In the wallet, for example `"0.30"`. */
	dollars?: string;
	/** Without it: the default of a new organisation. */
	mode?: BillingMode;
}

export class House {
	private readonly opened: Services[] = [];

	private constructor(
		readonly databaseUrl: string,
		readonly clock: TestClock,
		private readonly options: HouseOptions,
		private readonly drop: () => Promise<void>
	) {}

	static async open(options: HouseOptions = {}): Promise<House> {
		const database = options.databaseUrl === undefined ? await createTestDatabase() : null;
		const url = database?.url ?? options.databaseUrl ?? '';
		const drop = async () => database?.drop();
		const house = new House(url, options.clock ?? new TestClock(), options, drop);
		await house.openServices();
		return house;
	}

	/** Those of the first process. */
	get services(): Services {
		const [first] = this.opened;
		if (!first) throw new Error('The house is closed.');
		return first;
	}

	get sql() {
		return this.services.database.sql;
	}

	async openServices(poolSize = 4): Promise<Services> {
		const config = readConfig({
			DATABASE_URL: this.databaseUrl,
			DATABASE_POOL_SIZE: String(poolSize),
			ORIGIN: this.options.origin ?? ORIGIN,
			TWILIO_ACCOUNT_SID: ACCOUNT_SID,
			TWILIO_AUTH_TOKEN: AUTH_TOKEN,
			TWILIO_FROM_NUMBER: FROM_NUMBER,
			// Nobody listens there: a test that needs a provider names it.
			TWILIO_API_BASE_URL: 'http://127.0.0.1:9',
			TWILIO_CALLS_PER_SECOND: '1000',
			...this.options.environment
		});
		const { providers } = this.options;
		const services = createServices(config, {
			clock: this.clock.read,
			log: createLog('silent'),
			...(providers && { providers })
		});
		this.opened.push(services);
		await services.hub.follow();
		return services;
	}

	async close(): Promise<void> {
		for (const services of this.opened.splice(0)) await services.close();
		await this.drop();
	}

	context(caller: Context['caller'], services = this.services): Context {
		return createContext(services, caller, this.clock.read());
	}

	as(person: Person, services = this.services): Context {
		const session = { id: uuid(), provedAtMs: this.clock.read() };
		return this.context({ kind: 'person', person, session }, services);
	}

	/** The same person through an API token. */
	asProgram(person: Person): Context {
		return this.context({ kind: 'person', person });
	}

	commandLine(): Context {
		return this.context({ kind: 'command_line' });
	}

	/** An organisation with a manager and an agent, and minutes and dollars when asked for. */
	async createTenant({
		minutes = 0,
		name = `Tenant ${uuid()}`,
		dollars,
		mode
	}: NewTenant = {}): Promise<Tenant> {
		const { id } = await createOrganization({ ctx: this.commandLine(), input: { name } });
		const [agent, manager] = await Promise.all([
			this.createPerson('agent', { id, name }),
			this.createPerson('manager', { id, name })
		]);
		if (mode !== undefined) {
			await this.sql`update organizations set billing_mode = ${mode} where id = ${id}`;
		}
		if (minutes > 0) await this.allocate(id, minutes);
		if (dollars !== undefined) await this.pay(id, dollars);
		return { id, name, agent, manager };
	}

	async allocate(organizationId: number, minutes: number): Promise<string> {
		const requestId = uuid();
		const input = { requestId, organizationId, minutes, reason: 'for a test' };
		await allocateMinutes({ ctx: this.commandLine(), input });
		return requestId;
	}

	/** Puts dollars into a wallet. */
	async pay(organizationId: number, dollars: string): Promise<string> {
		const transactionId = uuid();
		await this.services.lane.submit({
			kind: 'move_money',
			transactionId,
			organizationId,
			type: 'credit',
			amountMicros: parseMicros(dollars),
			description: 'for a test',
			metadata: {},
			actor: { kind: 'command_line' }
		});
		return transactionId;
	}

	async createPerson(
		role: Role,
		organization: { id: number; name: string } | null = null,
		passwordHash = NO_PASSWORD_HASH
	): Promise<Person> {
		const userId = uuid();
		const email = `${role}.${userId}@talktime.test`;
		const organizationId = organization?.id ?? null;
		await this.sql`
			insert into users (id, organization_id, email, name, role, password_hash)
			values (${userId}, ${organizationId}, ${email}, ${role}, ${role}, ${passwordHash})`;
		const organizationName = organization?.name ?? null;
		return { userId, name: role, email, role, organizationId, organizationName, phone: null };
	}

	async createContact(organizationId: number, phone = newNumber()): Promise<string> {
		const id = uuid();
		await this.sql`
			insert into contacts (id, organization_id, phone, name)
			values (${id}, ${organizationId}, ${phone}, 'Lead')`;
		return id;
	}

	/** Of a call placed now, by the clock of the house; later ones are greater. */
	newCallId(): string {
		return uuid({ msecs: this.clock.read(), seq: ++callsPlaced });
	}

	/** Places a call straight through the lane. */
	async place(
		organizationId: number,
		changes: Partial<PlaceCall> = {},
		services = this.services
	): Promise<Call> {
		const callId = this.newCallId();
		const result = await services.lane.submit(placeCommand(organizationId, { callId, ...changes }));
		if (result.kind !== 'placed') throw new Error(`The call was not placed: ${result.kind}`);
		return result.call;
	}

	/** Places a call that the provider accepted under an id. */
	async placeBound(
		organizationId: number,
		changes: Partial<PlaceCall> = {}
	): Promise<{ callId: string; sid: string; to: string }> {
		const call = await this.place(organizationId, changes);
		const sid = newSid();
		await this.services.lane.submit(bindCommand(call.id, sid));
		return { callId: call.id, sid, to: call.to };
	}

	/** The row of a call without the number of its last live event, which depends on who came first. */
	async callRow(callId: string): Promise<Record<string, unknown>> {
		const [row] = await this.sql`select * from calls where id = ${callId}`;
		if (!row) throw new Error(`There is no call ${callId}.`);
		const { live_seq: _liveSeq, ...columns } = row;
		return columns;
	}

	/** The numbers of an organisation's credit row. */
	async credit(organizationId: number) {
		const [row] = await this.sql`
			select total_minutes as total, used_minutes as used, held_minutes as held, debt_minutes as debt,
				live_calls as live, is_active as active
			from organization_call_minutes where organization_id = ${organizationId}`;
		return row;
	}

	/** The numbers of an organisation's wallet, as exact decimals. */
	async wallet(organizationId: number) {
		const [row] = await this.sql`
			select trim_scale(balance)::text as balance, trim_scale(held_amount)::text as held,
				trim_scale(debt_amount)::text as debt, trim_scale(overdraft_held_amount)::text as lent
			from call_balance where organization_id = ${organizationId}`;
		return row;
	}

	/** Rows per table and what they say, to show that a refused request left no trace but a counted try. */
	async fingerprint(): Promise<Record<string, string>> {
		const tables = await this.sql<{ name: string }[]>`
			select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'sign_in_throttle'
			order by 1`;
		const prints = await Promise.all(
			tables.map(async ({ name }) => {
				const [row] = await this.sql<{ print: string }[]>`
					select count(*) || ' ' || md5(coalesce(string_agg(t::text, ' ' order by t::text), '')) as print
					from ${this.sql(name)} t`;
				return [name, row?.print ?? ''] as const;
			})
		);
		return Object.fromEntries(prints);
	}

	/** Every invariant of the books holds. */
	async expectBooksToBalance(): Promise<void> {
		const { invariants } = await reconcile({ ctx: this.commandLine() });
		expect(invariants.filter((invariant) => !invariant.ok)).toEqual([]);
		expect(invariants.length).toBeGreaterThan(10);
	}
}

export function placeCommand(organizationId: number, changes: Partial<PlaceCall> = {}): PlaceCall {
	return {
		kind: 'place_call',
		callId: uuid(),
		holdId: uuid(),
		organizationId,
		user: null,
		contact: null,
		campaignId: null,
		provider: 'twilio',
		from: FROM_NUMBER,
		to: newNumber(),
		country: 'US',
		estimateMinutes: null,
		rate: DEFAULT_RATE,
		isOverdraftAgreed: false,
		device: 'phone',
		canBeCut: true,
		idempotencyKey: null,
		...changes
	};
}

export function bindCommand(callId: string, providerCallId: string): BindProviderCall {
	return { kind: 'bind_provider_call', callId, provider: 'twilio', providerCallId };
}

let callsPlaced = 0;
let numbersGiven = 0;

/** A valid number nobody was given before; the last two digits choose the sandbox's outcome. */
export function newNumber(suffix = '77'): string {
	const count = numbersGiven++;
	const exchange = 220 + (count % 600);
	const middle = String(Math.floor(count / 600) % 100).padStart(2, '0');
	return `+1415${exchange}${middle}${suffix}`;
}

export function newSid(): string {
	return `CA${randomBytes(16).toString('hex')}`;
}
