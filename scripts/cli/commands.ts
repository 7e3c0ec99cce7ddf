import { readFileSync, writeFileSync } from 'node:fs';
import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { AdjustWalletInput, AllocateMinutesInput, RevokeAllocationInput } from '$lib/inputs';
import { createToken } from '$lib/server/auth/create-token';
import { createUser } from '$lib/server/auth/create-user';
import type { Context } from '$lib/server/context';
import { organizationCallMinutes, organizations } from '$lib/server/db/schema/index';
import { migrateDatabase } from '$lib/server/db/migrate';
import { seedDemoData } from '$lib/server/demo/seed';
import { allocateMinutes } from '$lib/server/minutes/allocate-minutes';
import { revokeAllocation } from '$lib/server/minutes/revoke-allocation';
import { createOrganization } from '$lib/server/organizations/create-organization';
import { parseInput } from '$lib/server/parse';
import { reconcile } from '$lib/server/reconcile/reconcile';
import { adjustWallet } from '$lib/server/wallet/adjust-wallet';
import { exportJournal } from '$lib/server/wallet/export-journal';
import { importRates } from '$lib/server/wallet/import-rates';
import { wholeNumber } from './options';

export interface CommandResult {
	/** What it did, for people. */
	line: string;
	/** The same for programs. */
	json: unknown;
	exitCode?: number;
}

type Values = Record<string, string | undefined>;

export interface CommandLine {
	words: string[];
	usage: string;
	summary: string;
	required: string[];
	optional: string[];
	run(ctx: Context, values: Values): Promise<CommandResult>;
}

/** Value of a required option: parseOptions has refused the command without it. */
function given(values: Values, name: string): string {
	return values[name] ?? '';
}

export const COMMANDS: CommandLine[] = [
	{
		words: ['migrate'],
		usage: 'migrate',
		summary: 'bring the database to the newest schema',
		required: [],
		optional: [],
		async run(ctx) {
			const { applied } = await migrateDatabase(ctx.services.config.databaseUrl);
			const line = applied === 0 ? 'The database is up to date.' : `Applied ${applied} migrations.`;
			return { line, json: { applied } };
		}
	},
	{
		words: ['demo'],
		usage: 'demo',
		summary: 'load demo data into an empty database',
		required: [],
		optional: [],
		async run(ctx) {
			const { seeded, logins } = await seedDemoData(ctx.services.config.databaseUrl);
			const line = seeded
				? `Loaded demo data with ${logins.length} logins (see README).`
				: 'Nothing loaded: the database has organisations already.';
			return { line, json: { seeded, logins } };
		}
	},
	{
		words: ['admin', 'create'],
		usage: 'admin create --email E --password P [--name N]',
		summary: 'create a super admin',
		required: ['email', 'password'],
		optional: ['name'],
		async run(ctx, values) {
			const user = await createUser({
				ctx,
				input: {
					email: given(values, 'email'),
					password: given(values, 'password'),
					name: values.name,
					role: 'super_admin',
					organizationId: null
				}
			});
			return { line: `Created super admin ${user.email}.`, json: user };
		}
	},
	{
		words: ['user', 'create'],
		usage: 'user create --org N --email E --role manager|agent --password P [--name N]',
		summary: 'create a member of an organisation',
		required: ['org', 'email', 'role', 'password'],
		optional: ['name'],
		async run(ctx, values) {
			const user = await createUser({
				ctx,
				input: {
					email: given(values, 'email'),
					password: given(values, 'password'),
					name: values.name,
					// createUser checks it against the roles there are, and says which.
					role: given(values, 'role') as 'agent',
					organizationId: wholeNumber('org', values.org)
				}
			});
			return {
				line: `Created ${values.role} ${user.email} in organisation ${values.org}.`,
				json: user
			};
		}
	},
	{
		words: ['token', 'create'],
		usage: 'token create --email E [--name N]',
		summary: 'make an API token for a person; printed once',
		required: ['email'],
		optional: ['name'],
		async run(ctx, values) {
			const input = { email: given(values, 'email'), name: values.name ?? 'command line' };
			const { token } = await createToken({ ctx, input });
			return { line: token, json: { token } };
		}
	},
	{
		words: ['org', 'create'],
		usage: 'org create --name N [--billing-mode M] [--timezone Z]',
		summary: 'create an organisation',
		required: ['name'],
		optional: ['billing-mode', 'timezone'],
		async run(ctx, values) {
			const organization = await createOrganization({
				ctx,
				input: {
					name: given(values, 'name'),
					// createOrganization checks it against the modes there are, and says which.
					billingMode: values['billing-mode'] as 'minutes' | undefined,
					timezone: values.timezone
				}
			});
			return {
				line: `Created organisation ${organization.id}, ${organization.name}.`,
				json: organization
			};
		}
	},
	{
		words: ['org', 'list'],
		usage: 'org list',
		summary: 'list organisations with their minutes',
		required: [],
		optional: [],
		async run(ctx) {
			const rows = await ctx.services.database.db
				.select({
					id: organizations.id,
					name: organizations.name,
					billing_mode: organizations.billingMode,
					timezone: organizations.timezone,
					is_active: organizationCallMinutes.isActive,
					total_minutes: organizationCallMinutes.totalMinutes,
					used_minutes: organizationCallMinutes.usedMinutes,
					held_minutes: organizationCallMinutes.heldMinutes
				})
				.from(organizations)
				.innerJoin(
					organizationCallMinutes,
					eq(organizationCallMinutes.organizationId, organizations.id)
				)
				.orderBy(organizations.id);
			const lines = rows.map(
				(row) =>
					`${String(row.id).padStart(4)}  ${row.name.padEnd(32)} ${row.is_active ? 'on ' : 'off'}  ` +
					`${row.total_minutes - row.used_minutes} of ${row.total_minutes} min left, ${row.held_minutes} held`
			);
			return { line: lines.join('\n') || 'There are no organisations yet.', json: rows };
		}
	},
	{
		words: ['minutes', 'allocate'],
		usage: 'minutes allocate --org N --minutes M --reason R',
		summary: 'grant minutes',
		required: ['org', 'minutes', 'reason'],
		optional: [],
		async run(ctx, values) {
			const input = parseInput(AllocateMinutesInput, {
				requestId: uuid(),
				organizationId: wholeNumber('org', values.org),
				minutes: wholeNumber('minutes', values.minutes),
				reason: values.reason
			});
			const minutes = await allocateMinutes({ ctx, input });
			return {
				line: `Allocated ${input.minutes} minutes to ${minutes.organizationName}: ${minutes.remainingMinutes} left.`,
				json: minutes
			};
		}
	},
	{
		words: ['minutes', 'revoke'],
		usage: 'minutes revoke --org N --allocation ID --reason R',
		summary: 'take back what an allocation has left',
		required: ['org', 'allocation', 'reason'],
		optional: [],
		async run(ctx, values) {
			const input = parseInput(RevokeAllocationInput, {
				organizationId: wholeNumber('org', values.org),
				allocationId: values.allocation,
				reason: values.reason
			});
			const revoked = await revokeAllocation({ ctx, input });
			return { line: `Revoked ${revoked.revokedMinutes} minutes.`, json: revoked };
		}
	},
	{
		words: ['wallet', 'adjust'],
		usage: 'wallet adjust --org N --amount A --reason R',
		summary: 'put dollars into a wallet, or take them out (--amount=-5)',
		required: ['org', 'amount', 'reason'],
		optional: [],
		async run(ctx, values) {
			const input = parseInput(AdjustWalletInput, {
				requestId: uuid(),
				organizationId: wholeNumber('org', values.org),
				amount: values.amount,
				reason: values.reason
			});
			const credits = await adjustWallet({ ctx, input });
			return {
				line: `Adjusted the wallet of organisation ${input.organizationId} by $${input.amount}: $${credits.balance} now.`,
				json: credits
			};
		}
	},
	{
		words: ['rates', 'import'],
		usage: 'rates import --file F',
		summary: 'import rates from CSV: prefix, description, per_minute, increment, effective_from',
		required: ['file'],
		optional: [],
		async run(ctx, values) {
			const csv = readFileSync(given(values, 'file'), 'utf8');
			const { imported } = await importRates({ ctx, input: { csv } });
			return { line: `Imported ${imported} rates.`, json: { imported } };
		}
	},
	{
		words: ['export', 'journal'],
		usage: 'export journal [--file F]',
		summary: "every entry in hledger's journal format",
		required: [],
		optional: ['file'],
		async run(ctx, values) {
			const chunks: string[] = [];
			for await (const chunk of exportJournal({ ctx })) chunks.push(chunk);
			const journal = chunks.join('');
			if (values.file === undefined) return { line: journal.trimEnd(), json: { journal } };
			writeFileSync(values.file, journal);
			return { line: `Wrote the journal to ${values.file}.`, json: { file: values.file } };
		}
	},
	{
		words: ['reconcile'],
		usage: 'reconcile',
		summary: 'check every invariant of the books; exit 1 on a breach',
		required: [],
		optional: [],
		async run(ctx) {
			const report = await reconcile({ ctx });
			const lines = report.invariants.flatMap(({ name, ok, breaches }) => [
				`${ok ? 'ok    ' : 'BREACH'}  ${name}`,
				...breaches.map((breach) => `        ${breach}`)
			]);
			return { line: lines.join('\n'), json: report, exitCode: report.ok ? 0 : 1 };
		}
	}
];

export function findCommand(words: string[]): CommandLine | undefined {
	return COMMANDS.find((command) => command.words.every((word, index) => words[index] === word));
}
