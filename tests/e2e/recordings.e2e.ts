/** A recorded call on the built app: fetched from the sandbox, heard on the call's sheet, and by nobody else. */
import { expect } from '@playwright/test';
import postgres from 'postgres';
import { createTenant } from '../support/tenant';
import { signInWindow, test } from './browser';
import { stackAddresses } from './environment';

let sql: postgres.Sql;
test.beforeAll(() => {
	sql = postgres(stackAddresses.databaseUrl, { max: 1 });
});
test.afterAll(() => sql.end());

test('given an organisation that records, when a call has ended, then it is heard on its sheet, in parts too, and by no stranger', async ({
	browser
}) => {
	const { databaseUrl, origin } = stackAddresses;
	const tenant = await createTenant(sql, databaseUrl, {
		name: 'Recorded calls',
		minutes: 10,
		leads: [{ name: 'Meera Shah', phone: '+12025550261' }]
	});
	const stranger = await createTenant(sql, databaseUrl, { name: 'Not theirs' });
	await sql`update organizations set records_calls = true, detects_machines = true
		where id = ${tenant.id}`;

	const agent = await signInWindow(browser, tenant.agentEmail, tenant.password);
	await agent.goto('/leads');
	const row = agent.getByTestId('lead-row').filter({ hasText: 'Meera Shah' });
	await row.getByRole('button', { name: /^Call/ }).click();
	await expect(row.getByTestId('call-status')).toHaveAttribute('data-status', 'completed', {
		timeout: 20_000
	});
	const findRecording = async () => {
		const [found] = await sql`
			select r.id, r.call_id, r.state, r.bytes::int from recordings r where r.organization_id = ${tenant.id}`;
		return found;
	};
	await expect.poll(async () => (await findRecording())?.state, { timeout: 40_000 }).toBe('stored');
	const recording = await findRecording();
	const bytes: number = recording?.bytes;
	const address = `${origin}/api/recordings/${recording?.id}`;

	await agent.goto(`/dashboard?call=${recording?.call_id}`);
	const player = agent.getByTestId('call-recordings').locator('audio');
	await expect(player).toBeVisible();
	const playedSeconds = await player.evaluate(async (audio: HTMLAudioElement) => {
		audio.muted = true;
		await audio.play();
		await new Promise((resolve) => audio.addEventListener('timeupdate', resolve));
		return audio.currentTime;
	});
	expect(playedSeconds).toBeGreaterThan(0);

	const whole = await agent.request.get(address);
	expect(whole.status()).toBe(200);
	expect(whole.headers()).toMatchObject({
		'content-type': expect.stringMatching(/^audio\//),
		'content-length': String(bytes),
		'accept-ranges': 'bytes',
		'cache-control': 'private, no-store',
		'x-content-type-options': 'nosniff'
	});
	const sound = await whole.body();
	const part = await agent.request.get(address, { headers: { range: 'bytes=4-11' } });
	expect(part.status()).toBe(206);
	expect(part.headers()['content-range']).toBe(`bytes 4-11/${bytes}`);
	expect((await part.body()).equals(sound.subarray(4, 12))).toBe(true);
	const last = await agent.request.get(address, { headers: { range: 'bytes=-4' } });
	expect((await last.body()).equals(sound.subarray(-4))).toBe(true);
	const etag = whole.headers().etag ?? '';
	const asBefore = { range: 'bytes=0-1', 'if-range': etag };
	expect((await agent.request.get(address, { headers: asBefore })).status()).toBe(206);
	const ofAnother = { range: 'bytes=0-1', 'if-range': '"another"' };
	expect((await agent.request.get(address, { headers: ofAnother })).status()).toBe(200);
	const beyond = await agent.request.get(address, { headers: { range: `bytes=${bytes}-` } });
	expect(beyond.status()).toBe(416);
	expect(beyond.headers()['content-range']).toBe(`bytes */${bytes}`);
	const head = await agent.request.head(address);
	expect(head.status()).toBe(200);
	expect(head.headers()['content-length']).toBe(String(bytes));
	expect(await head.body()).toHaveLength(0);

	const other = await signInWindow(browser, stranger.agentEmail, stranger.password);
	const foreign = await other.request.get(address);
	expect(foreign.status()).toBe(404);
	expect(await foreign.json()).toEqual({
		error: { code: 'not_found', message: 'There is no such recording.' }
	});
	expect((await fetch(address)).status).toBe(401);
	expect((await agent.request.get(`${origin}/api/recordings/none`)).status()).toBe(404);
});
