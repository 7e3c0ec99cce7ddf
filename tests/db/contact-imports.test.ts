import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getImport } from '$lib/server/contact-imports/get-import';
import { listRefusedRows } from '$lib/server/contact-imports/list-refused-rows';
import { previewImport } from '$lib/server/contact-imports/preview-import';
import { startImport } from '$lib/server/contact-imports/start-import';
import { undoImport } from '$lib/server/contact-imports/undo-import';
import { workImports } from '$lib/server/contact-imports/work-imports';
import { archiveContact } from '$lib/server/contacts/archive-contact';
import { createContact } from '$lib/server/contacts/create-contact';
import { exportContacts } from '$lib/server/contacts/export-contacts';
import { listContacts } from '$lib/server/contacts/list-contacts';
import { lookupContact } from '$lib/server/contacts/lookup-contact';
import { setDoNotCall } from '$lib/server/contacts/set-do-not-call';
import { updateContact } from '$lib/server/contacts/update-contact';
import type { Context } from '$lib/server/context';
import { House, newNumber, type Tenant } from '../support/house';
import { importFile, readAll, uploadFile, work } from '../support/house-imports';

let house: House;
let tenant: Tenant;
let ctx: Context;

beforeAll(async () => {
	house = await House.open();
});
beforeEach(async () => {
	tenant = await house.createTenant();
	ctx = house.as(tenant.manager);
});
afterAll(() => house.close());

const ALL = { sort: 'name', isArchived: false } as const;
const contactsOf = async (as = ctx) =>
	(await listContacts({ ctx: as, input: { limit: 100 } })).rows;
const create = (name: string, phone: string, more = {}) =>
	createContact({ ctx, input: { requestId: uuid(), name, phone, ...more } });

describe('files as they come', () => {
	const windows1252 = Uint8Array.from(
		[...'Name;Phone\r\nZo\u00eb;+12025550161\r\n'].map((one) => one.charCodeAt(0))
	);
	const utf16 = new Uint8Array(
		Uint16Array.from(
			[...'\uFEFFName\tPhone\r\nZoë\t+12025550161\r\n'].map((one) => one.charCodeAt(0))
		).buffer
	);
	it.each([
		['commas and UTF-8 with a mark', '\uFEFFName,Phone\nZoë,+12025550161\n'],
		['semicolons and Windows-1252', windows1252],
		['tabs and UTF-16', utf16],
		['a line that says sep', 'sep=;\r\nName;Phone\r\nZoë;+12025550161\r\n'],
		['quotes everywhere', '"Name","Phone"\r\n"Zoë","+1 (202) 555-0161"\r\n'],
		['no head', 'Zoë,+12025550161\nMax,+12025550162\n'],
		['empty lines and cells', '\n;;\nName;Phone;\n;;\nZoë;2025550161;\n;;\n'],
		['first and last names', 'First name,Last name,Mobile\nZoë,,+12025550161\n']
	])('given %s, when the file is imported, then the contact is there', async (_name, file) => {
		const found = await importFile(house, ctx, file);
		expect(found).toMatchObject({ state: 'done', refusedRows: 0, problem: null });
		expect(await contactsOf()).toContainEqual(
			expect.objectContaining({ name: 'Zoë', phone: '+12025550161' })
		);
	});

	it.each([
		['Name,Phone\n"Zoë,+12025550161\n', 'quotation mark'],
		['PK\u0003\u0004 spreadsheet', 'no text file'],
		['\n\n', 'no row']
	])(
		'given a file that cannot be read, when it is uploaded, then it says why',
		async (file, why) => {
			expect(await uploadFile(ctx, file)).toMatchObject({
				state: 'failed',
				problem: expect.stringContaining(why)
			});
		}
	);

	it('given rows with errors, when they are looked at and imported, then each says its line and reason, and the refused ones can be downloaded and imported', async () => {
		const file = [
			'Name,Phone,Email,Notes',
			'Ann,+12025550161,ann@kite.example,"two\nlines"',
			'Bob,4.41E+11,,',
			'Cem,,,',
			'Dee,919845000161,,',
			'Eve,+12025550162,not-a-mail,',
			"Fay,'+12025550163,,=cmd()",
			'Ann again,+1 202 555 0161,,'
		].join('\r\n');
		const { id: importId, hasHeader, mapping } = await uploadFile(ctx, file);
		expect(mapping).toEqual(['name', 'phone', 'email', 'about']);
		const plan = { importId, hasHeader, mapping, duplicates: 'skip' as const };
		const preview = await previewImport({ ctx, input: plan });
		expect(preview.counts).toEqual({ created: 3, updated: 0, skipped: 1, refused: 3 });
		expect(preview.noted.map(({ line, note }) => [line, note])).toEqual([
			[4, expect.stringContaining('its last 9 digits are lost')],
			[5, 'There is no phone number.'],
			[6, 'Read as +919845000161: its plus was missing.'],
			[7, expect.stringContaining('is no e-mail address')],
			[9, 'A row before it has the same number.']
		]);
		await startImport({ ctx, input: plan });
		await work(house, importId);
		expect(await getImport({ ctx, input: { importId } })).toMatchObject({
			...{ state: 'done', createdRows: 3, skippedRows: 1, refusedRows: 3, doneRows: 7 }
		});
		expect(await lookupContact({ ctx, input: { phone: '+12025550163' } })).toMatchObject({
			about: '=cmd()'
		});
		const refused = await readAll((await listRefusedRows({ ctx, input: { importId } })).lines);
		expect(refused).toContain('Name,Phone,Email,Notes,Line in the file,Why it was refused');
		const again = await importFile(house, ctx, refused.replace('not-a-mail', 'eve@kite.example'));
		expect(again).toMatchObject({ createdRows: 1, refusedRows: 2 });
	});

	it('given columns nobody knows, when none holds a number, then the import is not started', async () => {
		const { id: importId, mapping } = await uploadFile(ctx, 'a,b\nx,y\n');
		const input = { importId, hasHeader: true, mapping, duplicates: 'skip' as const };
		await expect(startImport({ ctx, input })).rejects.toMatchObject({
			message: 'Choose the column that holds the phone number.'
		});
	});
});

describe('contacts that are there already', () => {
	const FILE =
		'Name,Phone,Company,City,Do not call\nAnn New,+12025550161,Kite,,yes\nBob,+12025550162,,Rome,no\n';
	const setUp = async () => {
		const ann = await create('Ann', '+12025550161', { city: 'Delhi' });
		const bob = await create('Bob', '+12025550162', { city: 'Oslo' });
		await setDoNotCall({ ctx, input: { contactId: bob.id, isOn: true, reason: 'Asked us' } });
		return { ann, bob };
	};
	const told = async () =>
		(
			await house.sql`select name, company, city, do_not_call as dnc from contacts
			where organization_id = ${tenant.id} order by phone`
		).map((row) => ({ ...row }));

	it.each([
		[
			'skip',
			[
				['Ann', null, 'Delhi', false],
				['Bob', null, 'Oslo', true]
			],
			{ updatedRows: 0, skippedRows: 2 }
		],
		[
			'fill',
			[
				['Ann', 'Kite', 'Delhi', true],
				['Bob', null, 'Oslo', true]
			],
			{ updatedRows: 1, skippedRows: 1 }
		],
		[
			'overwrite',
			[
				['Ann New', 'Kite', 'Delhi', true],
				['Bob', null, 'Rome', true]
			],
			{ updatedRows: 2 }
		]
	] as const)(
		'given the rule to %s, when they are imported, then values are as it says, and the undo gives them back',
		async (duplicates, expected, counts) => {
			await setUp();
			const before = await told();
			const found = await importFile(house, ctx, FILE, { duplicates });
			expect(found).toMatchObject({ createdRows: 0, ...counts });
			expect(await told()).toEqual(
				expected.map(([name, company, city, dnc]) => ({ name, company, city, dnc }))
			);
			await undoImport({ ctx, input: { importId: found.id } });
			await work(house, found.id);
			expect(await told()).toEqual(before);
		}
	);

	it('given the same number twice in a file, when later rows overwrite, then the last one counts', async () => {
		const found = await importFile(
			house,
			ctx,
			'Name,Phone,City\nAnn,+12025550161,Rome\nAnna,+1 202-555-0161,Oslo\n',
			{ duplicates: 'overwrite' }
		);
		expect(found).toMatchObject({ createdRows: 1, updatedRows: 1 });
		expect(await told()).toMatchObject([{ name: 'Anna', city: 'Oslo' }]);
	});

	it('given a number that was barred and put away, when it is imported, then the new contact is barred too', async () => {
		const { bob } = await setUp();
		await archiveContact({ ctx, input: { contactId: bob.id } });
		await importFile(house, ctx, 'Name,Phone\nBob again,+12025550162\n');
		expect(await lookupContact({ ctx, input: { phone: '+12025550162' } })).toMatchObject({
			...{ name: 'Bob again', doNotCall: true, doNotCallReason: 'Asked us' }
		});
	});

	it('given another organisation with the same numbers, when one imports, then the other has what it had', async () => {
		const other = await house.createTenant();
		const as = house.as(other.manager);
		const file = 'Name,Phone\nTheirs,+12025550161\n';
		await importFile(house, as, file);
		await importFile(house, ctx, file.replace('Theirs', 'Ours'), { duplicates: 'overwrite' });
		expect((await contactsOf(as)).map(({ name }) => name)).toEqual(['Theirs']);
		expect((await contactsOf()).map(({ name }) => name)).toEqual(['Ours']);
	});
});

describe('the worker', () => {
	const rows = (count: number) =>
		'Name,Phone\n' +
		Array.from({ length: count }, (_, index) => `Lead ${index},+1415${2_000_000 + index}`).join(
			'\n'
		);

	it('given a worker that stops in the middle, when another goes on, then every row is there once, in its place on the list', async () => {
		const { id: importId, hasHeader, mapping } = await uploadFile(ctx, rows(3_500));
		const plan = { importId, hasHeader, mapping, duplicates: 'skip' as const };
		await startImport({ ctx, input: { ...plan, newListName: 'Big list' } });
		const stop = new AbortController();
		const job = house.context({ kind: 'job' });
		const first = workImports({ ctx: job, input: { importId }, signal: stop.signal });
		await expect
			.poll(async () => (await getImport({ ctx, input: { importId } })).doneRows)
			.toBeGreaterThan(0);
		stop.abort();
		await first;
		const half = await getImport({ ctx, input: { importId } });
		expect(half.state).toBe('running');
		expect(half.doneRows).toBeLessThan(3_500);
		await Promise.all([work(house, importId), work(house, importId)]);
		expect(await getImport({ ctx, input: { importId } })).toMatchObject({
			...{ state: 'done', doneRows: 3_500, createdRows: 3_500, leadListName: 'Big list' }
		});
		const [list] = await house.sql`
			select count(*)::int as members, max(position) as last, count(distinct position)::int as places
			from lead_list_members m join lead_lists l on l.id = m.lead_list_id where l.organization_id = ${tenant.id}`;
		expect(list).toEqual({ members: 3_500, last: 3_499, places: 3_500 });
	});

	it('given an import with a new list, when it is undone after one contact was changed and one existed before, then only those stay', async () => {
		const known = await create('Known', '+14152000001');
		const found = await importFile(house, ctx, rows(5), { newListName: 'To undo' });
		expect(found).toMatchObject({ createdRows: 4, skippedRows: 1 });
		const used = await lookupContact({ ctx, input: { phone: '+14152000002' } });
		await updateContact({ ctx, input: { contactId: used?.id ?? '', company: 'Kept Inc' } });
		await undoImport({ ctx, input: { importId: found.id } });
		await work(house, found.id);
		expect(await getImport({ ctx, input: { importId: found.id } })).toMatchObject({
			...{ state: 'undone', undoneRows: 3, keptRows: 1 }
		});
		expect((await contactsOf()).map(({ id }) => id).sort()).toEqual([known.id, used?.id].sort());
		const listed =
			await house.sql`select contact_id as id from lead_list_members where organization_id = ${tenant.id}`;
		expect(listed.map(({ id }) => id)).toEqual([used?.id]);
	});

	it('given an import under way, when it is undone, then the worker takes out what it brought in', async () => {
		const { id: importId, hasHeader, mapping } = await uploadFile(ctx, rows(2_500));
		await startImport({ ctx, input: { importId, hasHeader, mapping, duplicates: 'skip' } });
		const working = work(house, importId);
		await expect
			.poll(async () => (await getImport({ ctx, input: { importId } })).doneRows)
			.toBeGreaterThan(0);
		await undoImport({ ctx, input: { importId } });
		await working;
		await work(house, importId);
		expect((await getImport({ ctx, input: { importId } })).state).toBe('undone');
		expect(await contactsOf()).toEqual([]);
	});
});

describe('an export', () => {
	it('given contacts with everything a spreadsheet stumbles over, when they are exported and imported elsewhere, then both exports are the same', async () => {
		const nasty = {
			'=cmd|calc': { company: "'=1+1", about: 'first\n- second;=3\t@x "quoted", end' },
			"O'Neill": { company: "''twice", about: '-5', city: '+cheese' },
			'प्रिया 😀': { email: 'p@lotus.example', timezone: 'Asia/Kolkata', country: 'IN' },
			'＝full＝': { externalId: '00123', postalCode: '01234', region: '@home' }
		};
		for (const [name, more] of Object.entries(nasty)) await create(name, newNumber(), more);
		const barred = await create('Barred', newNumber());
		await setDoNotCall({ ctx, input: { contactId: barred.id, isOn: true, reason: '=said so' } });
		const first = await readAll((await exportContacts({ ctx, input: ALL })).lines);
		const other = house.as((await house.createTenant()).manager);
		const found = await importFile(house, other, first);
		expect(found).toMatchObject({ createdRows: 5, refusedRows: 0 });
		const second = await readAll((await exportContacts({ ctx: other, input: ALL })).lines);
		const sorted = (text: string) => text.split('\n').sort();
		expect(sorted(second)).toEqual(sorted(first));
		const again = await importFile(house, ctx, first, { duplicates: 'overwrite' });
		expect(again).toMatchObject({ createdRows: 0, updatedRows: 0, skippedRows: 5 });
	});

	it('given filters, when it is exported, then only what they show is in it', async () => {
		await create('Ann', newNumber(), { company: 'Kite' });
		await create('Bob', newNumber());
		const { lines } = await exportContacts({ ctx, input: { ...ALL, search: 'kite' } });
		const text = await readAll(lines);
		expect(text).toContain('Ann');
		expect(text).not.toContain('Bob');
	});
});
