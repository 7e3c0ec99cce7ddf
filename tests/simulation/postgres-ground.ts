/** What runs on Postgres stand on: a database, the services of the app, and the pools of two lanes. */
import { openLaneDatabase, type DatabaseClient } from '$lib/server/db/client';
import type { Sql } from '$lib/server/db/prepared';
import { readConfig } from '$lib/server/config';
import { createLog } from '$lib/server/log';
import { reconcile } from '$lib/server/reconcile/reconcile';
import { createServices, type Services } from '$lib/server/services';
import { PROCESSES } from './lane-port';

export class Ground {
	private names = 0;

	private constructor(
		readonly services: Services,
		private readonly lanes: DatabaseClient[]
	) {}

	/** @param url of a migrated database in which nothing else happens */
	static open(url: string): Ground {
		const config = readConfig({ DATABASE_URL: url, DATABASE_POOL_SIZE: '4' });
		const services = createServices(config, { log: createLog('silent'), providers: {} });
		return new Ground(
			services,
			Array.from({ length: PROCESSES }, () => openLaneDatabase(url))
		);
	}

	lanePool(process: number): Sql {
		const client = this.lanes[process];
		if (!client) throw new Error(`There is no process ${process}.`);
		return client.sql;
	}

	/** For organisations: a name is given once. */
	nextName(): number {
		return this.names++;
	}

	/** The breaches `talktime reconcile` finds. */
	async reconcile(): Promise<string[]> {
		const caller = { kind: 'command_line' } as const;
		const ctx = { caller, nowMs: Date.now(), services: this.services };
		const { invariants } = await reconcile({ ctx });
		return invariants.flatMap(({ name, breaches }) =>
			breaches.map((breach) => `reconcile, ${name}: ${breach}`)
		);
	}

	async close(): Promise<void> {
		for (const lane of this.lanes) await lane.close();
		await this.services.close();
	}
}
