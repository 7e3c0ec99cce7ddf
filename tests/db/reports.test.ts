/** Monthly reports: sealed once, as the history says, and corrected only by the next. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getAnalytics } from '$lib/server/analytics/get-analytics';
import { loadHistory } from '$lib/server/analytics/load-history';
import { exportReport } from '$lib/server/reports/export-report';
import { getReport } from '$lib/server/reports/get-report';
import { listReports } from '$lib/server/reports/list-reports';
import { sealReports } from '$lib/server/reports/seal-reports';
import { House, TestClock } from '../support/house';
import { completedForm, post } from '../support/house-callbacks';
import { RecordingProvider } from '../support/house-provider';

let house: House;
beforeAll(async () => {
	// Half past eight in the evening of the last day of October in New York; November already in Kolkata.
	const clock = new TestClock(() => Date.parse('2026-11-01T00:30:00Z'));
	house = await House.open({ clock, providers: { twilio: new RecordingProvider() } });
});
afterAll(() => house.close());

describe('a monthly report', () => {
	it('given a call that ends after its month was sealed, when the next month is over, then only the next report changes and says by how much', async () => {
		const seal = () => sealReports({ ctx: house.commandLine() });
		const tenant = await house.createTenant({ minutes: 100 });
		await house.sql`update organizations set timezone = 'America/New_York' where id = ${tenant.id}`;
		await loadHistory({
			ctx: house.commandLine(),
			input: { organizationId: tenant.id, calls: 300, days: 45 }
		});
		const live = await house.placeBound(tenant.id);
		expect(await seal()).toEqual({ sealed: 1 });
		house.clock.advanceSeconds(4 * 3600);
		// Four hours later November has begun there too: October is sealed while a call of it still lives.
		expect(await seal()).toEqual({ sealed: 1 });
		expect(await seal()).toEqual({ sealed: 0 });

		const ctx = () => house.as(tenant.manager);
		const october = await getReport({ ctx: ctx(), input: { month: '2026-10' } });
		expect(october).toMatchObject({ isIntact: true, correctedIn: null });
		const { totals } = await getAnalytics({
			ctx: ctx(),
			input: { from: '2026-10-01', to: '2026-10-31' }
		});
		const { successRate: _rate, ...counts } = totals;
		expect(october.report.totals).toEqual(counts);
		const { paid } = october.report;
		expect(paid.allocatedMinutes + paid.walletMinutes).toBe(counts.billedMinutes);
		expect(paid.walletCost).toBe(counts.cost);
		const mails =
			await house.sql`select "to", text from mails where organization_id = ${tenant.id}`;
		// Each month that was the last one when it was sealed.
		expect(mails).toHaveLength(2);
		expect(mails[0]).toMatchObject({ to: tenant.manager.email });

		await post(house.services, completedForm(live.sid, house.clock.read(), '61'), live);
		house.clock.advanceSeconds(31 * 86_400);
		expect(await seal()).toEqual({ sealed: 1 });
		const again = await getReport({ ctx: ctx(), input: { month: '2026-10' } });
		expect(again).toEqual({ ...october, correctedIn: '2026-11' });
		const november = await getReport({ ctx: ctx(), input: { month: '2026-11' } });
		expect(november.report.corrections).toMatchObject([
			{ month: '2026-10', was: { calls: counts.calls }, is: { calls: counts.calls + 1 } }
		]);
		const listed = await listReports({ ctx: ctx(), input: {} });
		expect(listed.map(({ month, corrections }) => [month, corrections])).toEqual([
			['2026-11', ['2026-10']],
			['2026-10', []],
			['2026-09', []]
		]);
		const csv = await exportReport({ ctx: ctx(), input: { month: '2026-11' } });
		expect(csv).toContain(november.contentHash);
		expect(csv).toContain(`correction_is,2026-10,,${counts.calls + 1},`);
		await house.expectBooksToBalance();
	});

	it('given a sealed report, when anybody changes or deletes it, then the database refuses', async () => {
		const change = house.sql`update usage_reports set month = '2020-01'`;
		await expect(change).rejects.toThrow();
		await expect(house.sql`delete from usage_reports`).rejects.toThrow();
	});
});
