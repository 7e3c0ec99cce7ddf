import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restoreBackup } from '$lib/server/backup/restore-backup';
import { writeBackup } from '$lib/server/backup/write-backup';
import { inviteMember } from '$lib/server/team/invite-member';
import { House } from '../support/house';

let house: House;
let other: House;
let folder: string;
let file: string;

beforeAll(async () => {
	house = await House.open({ providers: {} });
	other = await House.open({ providers: {} });
	folder = await mkdtemp(path.join(tmpdir(), 'talktime-backup-'));
	file = path.join(folder, 'talktime.backup.gz');
});
afterAll(async () => {
	await house.close();
	await other.close();
	await rm(folder, { recursive: true });
});

describe('backup and restore', () => {
	it('given books with calls and odd texts, when they are backed up and restored elsewhere, then every row is the same, the rules hold again, and the books balance', async () => {
		const tenant = await house.createTenant({ minutes: 50, dollars: '12.34' });
		await house.placeBound(tenant.id);
		await house.sql`
			insert into contacts (id, organization_id, phone, name, company)
			values (gen_random_uuid(), ${tenant.id}, '+14155550177', ${'Ñora\t"Q"\\.\r\n\\N é 😀'}, ${'\\.'})`;
		await inviteMember({
			ctx: house.as(tenant.manager),
			input: { email: 'nora@talktime.test', role: 'agent' }
		});
		await writeBackup({ ctx: house.commandLine(), input: { file } });
		const restored = await restoreBackup({ ctx: other.commandLine(), input: { file } });
		expect(restored.rows).toBeGreaterThan(10);

		expect(await other.fingerprint()).toEqual(await house.fingerprint());
		await other.expectBooksToBalance();
		const rulesOf = (one: House) => one.sql`
			select conrelid::regclass::text as "table", conname, pg_get_constraintdef(oid) as definition
			from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2`;
		expect(await rulesOf(other)).toEqual(await rulesOf(house));
		const loose = await other.sql`
			select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
				and not (relrowsecurity and relforcerowsecurity)`;
		expect(loose).toEqual([]);
		await expect(other.sql`delete from audit_log`).rejects.toThrow();

		const next = await other.createTenant({ minutes: 5 });
		expect(next.id).toBeGreaterThan(tenant.id);
		await other.expectBooksToBalance();
	});

	it('given a database that is not empty, when a backup is restored, then it is refused and nothing changes', async () => {
		const before = await house.fingerprint();
		const attempt = restoreBackup({ ctx: house.commandLine(), input: { file } });
		await expect(attempt).rejects.toMatchObject({ code: 'conflict' });
		expect(await house.fingerprint()).toEqual(before);
	});

	it('given a file that was cut, when it is restored, then nothing of it is there', async () => {
		const empty = await House.open({ providers: {} });
		try {
			const bytes = await readFile(file);
			const cut = path.join(folder, 'cut.gz');
			await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length * 0.7)));
			const before = await empty.fingerprint();
			await expect(
				restoreBackup({ ctx: empty.commandLine(), input: { file: cut } })
			).rejects.toThrow();
			expect(await empty.fingerprint()).toEqual(before);
		} finally {
			await empty.close();
		}
	});
});
