/** What a process that was killed leaves locked in the queue keeps nobody from working for hours. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { healJobs } from '$lib/server/jobs/heal-jobs';
import { startWorker } from '$lib/server/jobs/worker';
import { House } from '../support/house';
import { RecordingProvider } from '../support/house-provider';

const CHAIN = 'sweep_calls';
let house: House;

beforeAll(async () => {
	house = await House.open({ providers: { twilio: new RecordingProvider() } });
	const worker = await startWorker(house.services);
	await worker.stop();
});
beforeEach(async () => {
	await house.sql`delete from graphile_worker._private_jobs`;
	await house.sql`update graphile_worker._private_job_queues set locked_at = null, locked_by = null`;
});
afterAll(() => house.close());

const heal = () =>
	healJobs({
		ctx: house.context({ kind: 'job' }),
		input: { chains: [CHAIN] }
	});

async function addSweep(lockedMinutesAgo: number | null, attempts = 0): Promise<void> {
	await house.sql`select graphile_worker.add_job(${CHAIN}, job_key => ${CHAIN}, max_attempts => 1)`;
	await house.sql`update graphile_worker._private_jobs set attempts = ${attempts},
		locked_by = case when ${lockedMinutesAgo}::int is not null then 'pool-of-the-dead' end,
		locked_at = now() - make_interval(mins => ${lockedMinutesAgo}::int)`;
}

it('given a sweep that waits, or one that runs, then nothing is missing', async () => {
	await addSweep(null);
	expect(await heal()).toEqual([]);
	await addSweep(1, 1);
	expect(await heal()).toEqual([]);
});

it('given no sweep, one that failed for ever or one that nobody works on, then it is missing', async () => {
	expect(await heal()).toEqual([CHAIN]);
	await addSweep(null, 1);
	expect(await heal()).toEqual([CHAIN]);
	await house.sql`delete from graphile_worker._private_jobs`;
	await addSweep(3, 1);
	expect(await heal()).toEqual([CHAIN]);
});

it('given a queue that a killed process locked, when it was long ago, then its jobs go on', async () => {
	await house.sql`select graphile_worker.add_job('expire_allocations', queue_name => 'expire_allocations')`;
	const lock = (minutes: number) => house.sql`
		update graphile_worker._private_job_queues set locked_by = 'pool-of-the-dead',
			locked_at = now() - make_interval(mins => ${minutes}) where queue_name = 'expire_allocations'`;
	const isLocked = async () => {
		const [queue] = await house.sql`
			select locked_at is not null as is from graphile_worker._private_job_queues
			where queue_name = 'expire_allocations'`;
		return queue?.is;
	};
	await lock(9);
	await heal();
	expect(await isLocked()).toBe(true);
	await lock(11);
	await heal();
	expect(await isLocked()).toBe(false);
});

it('given a worker that runs, when its sweep is lost, then it sweeps again before long', async () => {
	const worker = await startWorker(house.services);
	try {
		await house.sql`delete from graphile_worker._private_jobs where key = ${CHAIN}`;
		await expect
			.poll(
				async () => {
					const [row] = await house.sql`
						select count(*)::int as sweeps from graphile_worker.jobs where key = ${CHAIN}`;
					return row?.sweeps;
				},
				{ timeout: 60_000, interval: 200 }
			)
			.toBe(1);
	} finally {
		await worker.stop();
	}
});
