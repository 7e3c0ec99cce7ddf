/** Every reader of a body, given values that break readers: no fault, no hang, and a refusal changes nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import Stripe from 'stripe';
import twilio from 'twilio';
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isAllowed, type Permission } from '$lib/domain/permissions';
import type { Person } from '$lib/server/context';
import { AppError } from '$lib/server/errors';
import { OPERATIONS } from '$lib/server/openapi/operations';
import { appRouter } from '$lib/server/trpc/router';
import { startSandbox, type RunningSandbox } from '../../src/sandbox/server';
import { AUTH_TOKEN, House, newNumber, ORIGIN, type Tenant } from '../support/house';
import { completedForm, type Form } from '../support/house-callbacks';
import { Fuzz, RUNS, sample } from '../support/fuzz';
import { HttpHouse, type Question } from '../support/house-http';
import { importFile } from '../support/house-imports';
import { RecordingProvider } from '../support/house-provider';
import { KEYED_PROVIDERS } from '../support/house-sandbox';
import { SECRET_KEY, WEBHOOK_SECRET } from '../support/house-stripe';
import {
	exampleOf,
	NAUGHTY_BODIES,
	NAUGHTY_STRINGS,
	naughtyText,
	naughtyValue,
	spoil,
	spoilLeaf,
	type Json,
	type Schema
} from '../support/naughty';
import { pageRoutes } from '../support/routes';

const JSON_TYPE = { 'content-type': 'application/json' };

let sandbox: RunningSandbox;
let house: House;
let http: HttpHouse;
let tenant: Tenant;
let contactId: string;
const signer = new Stripe(SECRET_KEY);
let fuzz: Fuzz;

beforeAll(async () => {
	sandbox = await startSandbox({
		speed: 1_000,
		seed: 'naughty',
		environment: { STRIPE_SECRET_KEY: SECRET_KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET },
		log: () => {}
	});
	house = await House.open({
		providers: {
			twilio: new RecordingProvider(),
			exotel: new RecordingProvider('exotel'),
			bolna: new RecordingProvider('bolna')
		},
		environment: {
			...KEYED_PROVIDERS,
			BOLNA_ALLOWED_IPS: '203.0.113.7',
			STRIPE_SECRET_KEY: SECRET_KEY,
			STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
			STRIPE_API_BASE_URL: sandbox.url,
			RATE_LIMIT_FACTOR: '0'
		}
	});
	http = await HttpHouse.open(house);
	fuzz = new Fuzz(http);
	tenant = await house.createTenant({ minutes: 500, dollars: '50' });
	contactId = await house.createContact(tenant.id);
});
afterEach(() => house.expectBooksToBalance());
afterAll(async () => {
	process.stdout.write(`${fuzz.report()}\n`);
	await house.close();
	await sandbox.close();
});

describe('the doors of phone providers and Stripe', () => {
	const DOORS: Record<string, (sid: string) => Form> = {
		'/api/twilio/status': (sid) => completedForm(sid, house.clock.read(), '61'),
		'/api/twilio/voice': (sid) => ({
			...completedForm(sid, house.clock.read(), '1'),
			call: uuid(),
			From: 'client:x'
		}),
		'/api/twilio/dialled': (sid) => ({
			...completedForm(sid, house.clock.read(), '61'),
			DialCallStatus: 'completed',
			DialCallSid: sid,
			DialCallDuration: '61'
		}),
		'/api/twilio/amd': (sid) => ({
			CallSid: sid,
			AnsweredBy: 'human',
			MachineDetectionDuration: '3000'
		}),
		'/api/twilio/recording': (sid) => ({
			CallSid: sid,
			RecordingSid: `RE${'0'.repeat(32)}`,
			RecordingUrl: 'https://api.twilio.com/r',
			RecordingStatus: 'completed',
			RecordingDuration: '7'
		})
	};

	it.each(Object.keys(DOORS))(
		'given signed forms with naughty fields, when they come to %s, then none is a fault',
		async (path) => {
			const { callId, sid } = await house.placeBound(tenant.id);
			const form = DOORS[path]?.(sid) ?? {};
			const texts = fc.dictionary(fc.constantFrom(...Object.keys(form)), naughtyText, {
				minKeys: 1,
				maxKeys: 3
			});
			const bodies = [
				...sample(texts, RUNS * 4).map((spoilt) => ({ ...form, ...spoilt })),
				...sample(fc.dictionary(naughtyText, naughtyText, { maxKeys: 5 }))
			];
			const calls = [callId, ...sample(naughtyText, bodies.length)];
			const questions = bodies.map((fields, index): Question => {
				const body = new URLSearchParams(fields).toString();
				// As they arrive, which is how Twilio signs them.
				const sent = Object.fromEntries(new URLSearchParams(body));
				const call = index % 4 === 0 ? calls[index] : callId;
				const at = `${path}?call=${encodeURIComponent((call ?? '').toWellFormed())}`;
				const url = new URL(at, ORIGIN);
				const signature = twilio.getExpectedTwilioSignature(AUTH_TOKEN, url.href, sent);
				const headers = {
					'content-type': 'application/x-www-form-urlencoded',
					'x-twilio-signature': signature
				};
				return { method: 'POST', at, body, headers };
			});
			await fuzz.attemptAll(
				'Twilio',
				questions.filter(({ at }) => at.length < 8_000)
			);
		}
	);

	it.each([
		[
			'/api/webhooks/exotel/call-status',
			'exotel/statuscallback.terminal.completed.json',
			KEYED_PROVIDERS.EXOTEL_WEBHOOK_KEY
		],
		[
			'/api/webhooks/bolna/call-status',
			'bolna/execution.completed.real.2025-11.json',
			KEYED_PROVIDERS.BOLNA_WEBHOOK_KEY
		]
	])(
		'given keyed bodies that are naughty, when they come to %s, then none is a fault',
		async (path, file, key) => {
			const body = JSON.parse(readFileSync(`tests/fixtures/${file}`, 'utf8'));
			const { callId } = await house.placeBound(tenant.id, {
				provider: path.includes('exotel') ? 'exotel' : 'bolna'
			});
			const bodies = [
				...sample(spoilLeaf(body), RUNS * 6).map((spoilt) => JSON.stringify(spoilt)),
				...sample(spoil(body), RUNS * 2).map((spoilt) => JSON.stringify(spoilt)),
				...NAUGHTY_BODIES
			];
			const types = [
				'application/json',
				'application/x-www-form-urlencoded',
				'multipart/form-data; boundary=x',
				'text/plain',
				''
			];
			await fuzz.attemptAll(
				'Exotel and Bolna',
				bodies.map((body, index) => ({
					method: 'POST',
					at: `${path}?key=${key}${index % 3 ? '' : `&call=${callId}`}`,
					headers: {
						'content-type': (index % 5 ? types[0] : types[(index / 5) % types.length]) ?? ''
					},
					body
				}))
			);
		}
	);

	it('given signed events that are naughty, when they come from Stripe, then none is a fault', async () => {
		const files = readdirSync('tests/fixtures/stripe').filter((file) => file.endsWith('.json'));
		const bodies = files.flatMap((file) => {
			const event = JSON.parse(readFileSync(`tests/fixtures/stripe/${file}`, 'utf8'));
			return sample(spoilLeaf({ ...event, id: `evt_${uuid()}` }), RUNS * 2).map((spoilt) =>
				JSON.stringify(spoilt)
			);
		});
		await fuzz.attemptAll(
			'Stripe',
			[...bodies, ...NAUGHTY_BODIES].map((payload) => ({
				method: 'POST',
				at: '/api/stripe/webhook',
				headers: {
					...JSON_TYPE,
					'stripe-signature': signer.webhooks.generateTestHeaderString({
						payload,
						secret: WEBHOOK_SECRET,
						timestamp: Math.floor(house.clock.read() / 1000)
					})
				},
				body: payload
			}))
		);
	});
});

describe('the doors of programs and pages', () => {
	it.each(OPERATIONS)(
		'given naughty bodies and queries, when $id is asked, then none is a fault',
		async (operation) => {
			const headers = { ...JSON_TYPE, ...(await http.programOf(tenant.manager)) };
			const known = {
				organization_id: tenant.id,
				to: newNumber(),
				phone: newNumber(),
				contact_id: contactId
			};
			const method = operation.method.toUpperCase();
			const path = operation.path.replace('{id}', uuid());
			if (operation.body) {
				const right = exampleOf(operation.body as Schema, '', known) as Record<string, Json>;
				const odd = sample(fc.constantFrom(...NAUGHTY_BODIES), RUNS * 2);
				const spoilt = sample(spoil(right), RUNS * 3).map((body) => JSON.stringify(body));
				await fuzz.attemptAll(
					'REST',
					[JSON.stringify(right), ...spoilt, ...odd].map((body) => ({
						method,
						at: path,
						headers,
						body
					}))
				);
				return;
			}
			const right = exampleOf((operation.query ?? {}) as Schema, '', known) as Record<string, Json>;
			const queries = sample(
				fc.dictionary(
					fc.constantFrom('organization_id', 'days', ...Object.keys(right)),
					naughtyText
				),
				RUNS * 3
			);
			const ids = operation.path.includes('{id}') ? NAUGHTY_STRINGS : [''];
			const questions = queries.map((query, index) => {
				const search = new URLSearchParams({ ...(right as Record<string, string>), ...query });
				const id = encodeURIComponent((ids[index % ids.length] ?? '').toWellFormed()) || uuid();
				return { method, at: `${operation.path.replace('{id}', id)}?${search}`, headers };
			});
			await fuzz.attemptAll(
				'REST',
				questions.filter(({ at }) => at.length < 8_000)
			);
		}
	);

	/** What tRPC keeps of a procedure: how it is asked, its permission, and the schemas of its input. */
	interface Definition {
		_def: { type: string; meta: { permission: Permission }; inputs: z.ZodType[] };
	}
	const flat = appRouter._def.procedures as unknown as Record<string, Definition>;
	const procedures = Object.entries(flat).map(([path, { _def }]) => {
		const { type, meta, inputs } = _def;
		return { path, type, permission: meta.permission, input: inputs[0] };
	});

	it.each(procedures)(
		'given naughty input, when $path is asked, then none is a fault',
		async ({ path, type, permission, input }) => {
			const organization = { id: tenant.id, name: tenant.name };
			const person: Person = isAllowed('manager', permission)
				? await house.createPerson('manager', organization)
				: isAllowed('super_admin', permission)
					? await house.createPerson('super_admin')
					: await house.createPerson('agent', organization);
			const headers = { ...JSON_TYPE, ...(await http.browserOf(person)) };
			const known = { organizationId: tenant.id, contactId, to: newNumber(), phone: newNumber() };
			const schema = input && z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
			const right = schema ? exampleOf(schema as Schema, '', known) : {};
			const fields =
				typeof right === 'object' && right !== null && !Array.isArray(right) ? right : {};
			const inputs = [right, ...sample(spoil(fields)), ...sample(naughtyValue, 2)].map((value) =>
				JSON.stringify(value)
			);
			if (type !== 'mutation') {
				const questions = inputs
					.map((text) => ({
						method: 'GET',
						at: `/trpc/${path}?input=${encodeURIComponent(text.toWellFormed())}`,
						headers
					}))
					.filter(({ at }) => at.length < 16_000);
				return fuzz.attemptAll('tRPC', questions);
			}
			const bodies = [...inputs, ...sample(fc.constantFrom(...NAUGHTY_BODIES), 2)];
			return fuzz.attemptAll(
				'tRPC',
				bodies.map((body) => ({ method: 'POST', at: `/trpc/${path}`, headers, body }))
			);
		}
	);

	it('given naughty forms, when each page that takes one is posted to, then none is a fault', async () => {
		const names = ['email', 'password', 'code', 'token', 'name', 'again'];
		for (const { path, file } of pageRoutes()) {
			if (!/\bactions\b/.test(readFileSync(file, 'utf8'))) continue;
			const forms = sample(
				fc.dictionary(fc.constantFrom(...names), naughtyText, { minKeys: 2 }),
				6
			);
			await fuzz.attemptAll(
				'Forms',
				forms.map((fields) => ({
					method: 'POST',
					at: path,
					headers: { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
					body: new URLSearchParams(fields).toString()
				}))
			);
		}
	});
});

describe('files', () => {
	it('given files of naughty cells, when they are imported as contacts, then each row is taken or refused', async () => {
		const ctx = house.as(tenant.manager);
		const cells = NAUGHTY_STRINGS.map((text) => `"${text.replaceAll('"', '""')}"`);
		const wellFormed = `phone,name,email\n${cells.map((cell) => `${newNumber()},${cell},${cell}`).join('\n')}\n`;
		const phones = `phone,name\n${cells.map((cell) => `${cell},x`).join('\n')}\n`;
		const raw = [
			'',
			'\0',
			'"',
			'a"b,c\n"',
			',,,\n,,,',
			'\ufeff',
			'x'.repeat(50_000),
			'\n'.repeat(5_000),
			...NAUGHTY_BODIES
		];
		const bytes = [
			Uint8Array.of(0xff, 0xfe, 0x00),
			Uint8Array.of(0xfe, 0xff),
			Uint8Array.of(0x80, 0xc3, 0x28),
			new Uint8Array(4_096)
		];
		let finished = 0;
		for (const file of [wellFormed, phones, ...raw, ...bytes]) {
			const startedAt = performance.now();
			try {
				const view = await importFile(house, ctx, file, { mapping: ['phone', 'name', 'email'] });
				expect(['done', 'failed']).toContain(view.state);
				finished++;
			} catch (error) {
				expect(error, String(file).slice(0, 100)).toBeInstanceOf(AppError);
			}
			fuzz.count('CSV import', startedAt, `a file of ${file.length}`, 200);
		}
		expect(finished).toBeGreaterThan(1);
	});

	it('given naughty cells in each column, when rates are imported, then the file is taken or its line named', async () => {
		const admin = await house.createPerson('super_admin');
		const headers = { ...JSON_TYPE, ...(await http.browserOf(admin)) };
		const head = 'prefix,per_minute,description,increment,effective_from';
		const right = ['+4989', '0.033', 'Munich', '60/60', '2026-12-01'];
		const questions = NAUGHTY_STRINGS.flatMap((text, index) => {
			const cells = right.map((cell, column) =>
				column === index % 5 ? `"${text.replaceAll('"', '""')}"` : cell
			);
			const body = JSON.stringify({ csv: `${head}\n${cells.join(',')}\n` });
			return ['import', 'preview'].map((verb): Question => ({
				method: 'POST',
				at: `/trpc/admin.rates.${verb}`,
				headers,
				body
			}));
		});
		await fuzz.attemptAll('Rates import', questions);
	});
});
