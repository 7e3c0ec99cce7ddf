import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openLaneDatabase, type DatabaseClient } from '$lib/server/db/client';
import type { Statement } from '$lib/server/db/prepared';
import { nameAll } from '$lib/server/lane/read/named';
import { toParameters } from '$lib/server/lane/read/parameters';
import { callsQuery, CONSUMPTIONS, DELIVERIES } from '$lib/server/lane/read/queries';
import { House } from '../support/house';

let house: House;
let lane: DatabaseClient;

beforeAll(async () => {
	house = await House.open();
	lane = openLaneDatabase(house.databaseUrl);
});
afterEach(() => house.expectBooksToBalance());
afterAll(async () => {
	await lane.close();
	await house.close();
});

const NAMED = {
	...nameAll([]),
	callIds: ['01a21a81-6dc6-7221-a070-d7cef3a57e7a'],
	providerCalls: [{ provider: 'twilio', id: 'CA1' }],
	idempotencyKeys: [{ organizationId: 1, key: 'once' }],
	numbers: [{ organizationId: 1, to: '+12025550123' }]
};

interface PlanNode {
	'Node Type': string;
	'Index Cond'?: string;
	'Index Name'?: string;
	Plans?: PlanNode[];
}

/** The nodes that read an index or a table. */
function scansOf(node: PlanNode): PlanNode[] {
	const below = (node.Plans ?? []).flatMap(scansOf);
	return /Index|Seq Scan/.test(node['Node Type']) ? [node, ...below] : below;
}

async function planOf({ text, parameters }: Statement): Promise<PlanNode> {
	const values: Readonly<Record<string, string>> = toParameters(NAMED);
	const given = parameters.map((parameter) =>
		'name' in parameter ? (values[parameter.name] ?? '{}') : parameter.value
	);
	const [row] = await lane.sql.unsafe(`explain (format json) ${text}`, given, { prepare: true });
	return row?.['QUERY PLAN'][0].Plan as PlanNode;
}

describe('how the lane looks up what a batch names', () => {
	it.each([
		['calls', callsQuery(NAMED, ['callIds', 'providerCalls', 'idempotencyKeys', 'numbers'])],
		['deliveries', DELIVERIES],
		['consumptions', CONSUMPTIONS]
	])(
		'given tables that nobody has counted yet, when %s are looked up, then every index is asked at its key',
		async (_name, statement) => {
			const scans = scansOf(await planOf(statement));
			expect(scans.length).toBeGreaterThan(0);
			for (const scan of scans) expect(scan).toMatchObject({ 'Index Cond': expect.any(String) });
		}
	);
});
