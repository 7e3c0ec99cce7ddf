import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seedDemoData } from '$lib/server/demo/seed';
import { House } from '../support/house';

let house: House;

beforeAll(async () => {
	house = await House.open();
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

describe('the demo', () => {
	it('given an empty database, when the demo is loaded, then its calls happened one after the other and are over, and once is enough', async () => {
		expect(await seedDemoData(house.databaseUrl)).toMatchObject({ seeded: true });
		const campaigns = await house.sql<{ status: string; calls: number; wrong: number }[]>`
			select c.status, count(k.id)::int as calls,
				count(*) filter (where k.answered_at < k.initiated_at or k.ended_at < k.initiated_at or k.ended_at > now()
					or k.initiated_at < c.started_at or k.ended_at > c.ended_at)::int as wrong
			from campaigns c left join calls k on k.campaign_id = c.id group by c.id order by c.status`;
		expect(campaigns).toEqual([
			{ status: 'draft', calls: 0, wrong: 0 },
			{ status: 'finished', calls: expect.any(Number), wrong: 0 }
		]);
		expect(campaigns[1]?.calls).toBeGreaterThan(0);
		const [overlaps] = await house.sql`
			select count(*)::int as count
			from calls one join calls other on other.campaign_id = one.campaign_id and other.initiated_at > one.initiated_at
			where other.initiated_at < one.ended_at`;
		expect(overlaps).toEqual({ count: 0 });

		expect(await seedDemoData(house.databaseUrl)).toMatchObject({ seeded: false });
	});
});
