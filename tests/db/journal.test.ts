/** Other people's accounting reads our journal and agrees with our balances. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revokeAllocation } from '$lib/server/minutes/revoke-allocation';
import { exportJournal } from '$lib/server/wallet/export-journal';
import { House, type Tenant } from '../support/house';
import { post, storyOf } from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

/** Balance by account and commodity, exact decimals without trailing zeros. */
type Balances = Map<string, string>;

let house: House;
let tenants: Tenant[];

beforeAll(async () => {
	house = await House.open({ providers: { twilio: new RecordingProvider() } });
	tenants = [
		await house.createTenant({ minutes: 20, dollars: '5' }),
		await house.createTenant({ minutes: 3 }),
		await house.createTenant({ dollars: '0.35', mode: 'wallet' })
	];
	for (const tenant of tenants) {
		for (const seconds of [61, 0, 200, 5]) await talk(tenant.id, seconds);
		await house.allocate(tenant.id, 4);
		await house.pay(tenant.id, '1.5');
		await talk(tenant.id, 170);
	}
	const allocationId = await house.allocate(tenants[0]?.id ?? 0, 50);
	await revokeAllocation({
		ctx: house.commandLine(),
		input: { organizationId: tenants[0]?.id ?? 0, allocationId, reason: 'by mistake' }
	});
});
afterAll(() => house.close());

async function talk(organizationId: number, seconds: number): Promise<void> {
	const rows = await house.sql<{ spendable: boolean }[]>`
		select total_minutes - used_minutes > 0 or balance > 0 as spendable from organization_call_minutes
		join call_balance using (organization_id) where organization_id = ${organizationId}`;
	if (!rows[0]?.spendable) return;
	const call = await house.placeBound(organizationId);
	for (const form of storyOf(call.sid, house.clock.read(), seconds)) {
		await post(house.services, form, call);
	}
}

async function readJournal(): Promise<string> {
	let journal = '';
	for await (const chunk of exportJournal({ ctx: house.commandLine() })) journal += chunk;
	return journal;
}

/** What our own tables say of every account that holds something. */
async function ourBalances(): Promise<Balances> {
	const rows = await house.sql<{ account: string; balance: string }[]>`
		select 'assets:organisation ' || organization_id || ':minutes:' || id || ' min' as account,
			remaining_minutes::text as balance from minute_allocations where remaining_minutes > 0
		union all select 'assets:organisation ' || organization_id || ':wallet USD', trim_scale(balance)::text
			from call_balance where balance > 0`;
	return new Map(rows.map(({ account, balance }) => [account, balance]));
}

/** The journal added up by hand: the amount of every posting, by account. */
function addUp(journal: string): Balances {
	const sums = new Map<string, bigint>();
	for (const [, account, amount, commodity] of journal.matchAll(
		/^ {4}(assets:.+?) {2}(-?[\d.]+) (min|USD)$/gm
	)) {
		const [whole = '', part = ''] = (amount ?? '').split('.');
		const micros = BigInt(whole + part.padEnd(6, '0'));
		const key = `${account} ${commodity}`;
		sums.set(key, (sums.get(key) ?? 0n) + micros);
	}
	return new Map(
		[...sums].filter(([, sum]) => sum !== 0n).map(([key, sum]) => [key, decimalOf(sum)])
	);
}

function decimalOf(micros: bigint): string {
	const text = String(micros).padStart(7, '0');
	return `${text.slice(0, -6)}.${text.slice(-6)}`.replace(/\.?0+$/, '');
}

function hasHledger(): boolean {
	try {
		execFileSync('hledger', ['--version'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

/** What hledger reads from the journal, having checked that every entry balances. */
function askHledger(journal: string): Balances {
	const options = { input: journal, encoding: 'utf8' as const };
	execFileSync('hledger', ['-f', '-', 'check'], options);
	const csv = execFileSync(
		'hledger',
		['-f', '-', 'balance', '--flat', '--no-total', '--output-format=csv', 'assets'],
		options
	);
	const rows = [...csv.matchAll(/^"(assets:[^"]+)","(-?[\d.]+) (min|USD)"$/gm)];
	return new Map(
		rows.map(([, account, amount, commodity]) => [
			`${account} ${commodity}`,
			(amount ?? '').includes('.') ? (amount ?? '').replace(/\.?0+$/, '') : (amount ?? '')
		])
	);
}

describe('the journal of every entry', () => {
	it('when its postings are added up by hand, then every balance is ours', async () => {
		const balances = addUp(await readJournal());
		expect(balances).toEqual(await ourBalances());
		expect(balances.size).toBeGreaterThanOrEqual(4);
	});

	it.skipIf(!hasHledger())(
		'when hledger reads it, then it finds no fault and every balance is ours',
		async () => {
			expect(askHledger(await readJournal())).toEqual(await ourBalances());
		}
	);
});
