import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consumeMinutes } from '$lib/server/minutes/consume-minutes';
import { House } from '../support/house';
import { post, storyOf } from '../support/house-callbacks';

let house: House;
beforeAll(async () => {
	house = await House.open({ providers: {} });
});
afterAll(() => house.close());

/** The tables as they were before, with what an earlier version would have written in them. */
const BEFORE = `
	alter table call_minutes_usage_log disable trigger user;
	drop index usage_log_once;
	alter table call_minutes_usage_log drop column is_external;
	alter table call_minutes_usage_log enable trigger user;
	create unique index usage_log_once on call_minutes_usage_log (organization_id, call_id, allocation_id, settles_debt);
	alter table debts drop column worth_minutes, drop column per_minute, drop column converted_minutes,
		drop column converted_amount;
	update credit_holds set overdraft_minutes = overdraft_seconds / 60;
	update organization_call_minutes set overdraft_held_minutes = 2 where overdraft_held_minutes = 0`;
const MIGRATIONS = ['0020_consume_apart', '0021_overdraft_as_lent', '0022_debts_of_either_unit'];

/** A call that talks on although nobody could extend it. */
async function talk(organizationId: number, seconds: number): Promise<string> {
	const call = await house.placeBound(organizationId);
	for (const form of storyOf(call.sid, house.clock.read(), seconds)) {
		await post(house.services, form, call);
	}
	return call.callId;
}

it('given books of the version before, when they are migrated, then they balance, and what is owed is paid by what comes next', async () => {
	const byMinutes = await house.createTenant({ mode: 'minutes', minutes: 1 });
	await talk(byMinutes.id, 170);
	const byBoth = await house.createTenant({ minutes: 1 });
	const overrun = await talk(byBoth.id, 170);
	const lender = await house.createTenant({ mode: 'wallet' });
	await house.sql`update organizations set overdraft_amount = 1 where id = ${lender.id}`;
	await house.placeBound(lender.id, { isOverdraftAgreed: true });
	const told = await house.createTenant({ minutes: 10 });
	await talk(told.id, 100);
	await consumeMinutes({
		ctx: house.as(told.manager),
		input: {
			...{ organizationId: told.id, callId: 'pbx-1', minutesConsumed: 2 },
			...{ callStartTime: '2026-11-20T10:00:00Z', callEndTime: '2026-11-20T10:02:00Z' }
		}
	});
	await house.expectBooksToBalance();

	await house.sql.unsafe(BEFORE);
	for (const name of MIGRATIONS) {
		const statements = readFileSync(`drizzle/${name}.sql`, 'utf8');
		await house.sql.unsafe(statements.replaceAll('--> statement-breakpoint', ''));
	}
	await house.expectBooksToBalance();

	const debts = await house.sql`
		select organization_id as id, worth_minutes as worth, per_minute::float8 as price from debts order by 1`;
	expect(debts).toEqual([
		{ id: byMinutes.id, worth: 0, price: 0.1 },
		{ id: byBoth.id, worth: 2, price: 0.1 }
	]);
	await house.allocate(byBoth.id, 5);
	expect(await house.credit(byBoth.id)).toMatchObject({ used: 3, total: 6 });
	const [paid] = await house.sql`
		select remaining_amount::float8 as owed, converted_minutes as minutes from debts where call_id = ${overrun}`;
	expect(paid).toEqual({ owed: 0, minutes: 2 });
	await house.expectBooksToBalance();
});
