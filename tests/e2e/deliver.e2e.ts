/** The document's curl example: refused unsigned, kept when signed, and claimed by the call placed under its id. */
import { expect, test } from '@playwright/test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { runTalktime } from '../support/command-line';
import { stackAddresses } from './environment';

const SID = 'CA123e2e';
const BODY = `CallSid=${SID}&CallStatus=completed&CallDuration=120&To=%2B447911123456&From=%2B14155552671`;

let sql: postgres.Sql;
let directory: string;

test.beforeAll(() => {
	sql = postgres(stackAddresses.databaseUrl, { max: 1 });
	directory = mkdtempSync(path.join(tmpdir(), 'deliver-'));
});
test.afterAll(async () => {
	rmSync(directory, { recursive: true });
	await sql.end();
});

function findDeliveries() {
	return sql<{ state: string; organization_id: number | null; repeats: number }[]>`
		select state, organization_id, repeats from deliveries where provider_call_id = ${SID}`;
}

test('a callback of an unknown call is refused unsigned, and kept, shown and billed to no one when it is delivered', async () => {
	const unsigned = await fetch(`${stackAddresses.origin}/api/twilio/status`, {
		method: 'POST',
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: BODY
	});
	expect(unsigned.status).toBe(403);
	expect(await findDeliveries()).toEqual([]);

	const file = path.join(directory, 'body.txt');
	writeFileSync(file, BODY);
	const environment = {
		ORIGIN: stackAddresses.origin,
		TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000001',
		TWILIO_AUTH_TOKEN: stackAddresses.authToken,
		TWILIO_FROM_NUMBER: '+12025550199'
	};
	const { databaseUrl } = stackAddresses;
	const [credit] = await sql`select sum(used_minutes)::int as used from organization_call_minutes`;
	const first = await runTalktime(databaseUrl, ['deliver', file, '--json'], environment);
	expect(first).toMatchObject({ exitCode: 0, stderr: '' });
	expect(JSON.parse(first.stdout)).toMatchObject({ status: 200, outcome: 'unmatched' });
	const second = await runTalktime(databaseUrl, ['deliver', file], environment);
	expect(second.stdout).toMatch(/\/api\/twilio\/status: 200 duplicate/);
	expect(await findDeliveries()).toEqual([
		{ state: 'unmatched', organization_id: null, repeats: 1 }
	]);
	expect(await sql`select 1 from calls where provider_call_id = ${SID}`).toEqual([]);
	expect(await sql`select sum(used_minutes)::int as used from organization_call_minutes`).toEqual([
		credit
	]);

	const forged = await runTalktime(databaseUrl, ['deliver', file], {
		...environment,
		TWILIO_AUTH_TOKEN: '0'.repeat(32)
	});
	expect(forged).toMatchObject({ exitCode: 1 });
	expect(forged.stdout).toMatch(/403/);
});
