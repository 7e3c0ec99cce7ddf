/** Calls that are placed and told of while faults strike, and the check of what became of them. */
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import type { Random } from '../simulation/random';
import { checkAcknowledged, checkCalls, checkCredit, listBreaches, type Books } from './audit';
import { CallbackSender } from './callback-sender';
import { CallPlacer } from './call-placer';
import type { Carrier } from './carrier';
import { ReportBuilder, type FaultReport } from './fault-report';
import { withContext, type FaultStack } from './fault-stack';
import { createPayers, type Payer } from './payers';

const PAYERS = 4;
const CALLERS = 8;
const SETTLE_MS_MAX = 120_000;
const SETTLE_LOOK_MS = 250;

export interface LoadOptions {
	/** Straight to PostgreSQL, past any proxy. */
	databaseUrl: string;
	carrier: Carrier;
	random: Random;
	/** The address of the process that a request goes to. */
	chooseTarget: () => string;
}

export class FaultLoad {
	readonly report = new ReportBuilder();
	readonly sender: CallbackSender;
	readonly placer: CallPlacer;
	private checked = 0;

	private constructor(
		private readonly options: LoadOptions,
		readonly sql: postgres.Sql,
		readonly payers: Payer[]
	) {
		const { carrier, random, chooseTarget } = options;
		this.sender = new CallbackSender(carrier, random.fork(2), chooseTarget);
		this.placer = new CallPlacer(payers, random.fork(3), chooseTarget);
		carrier.onCall = (call) => this.sender.start(call);
	}

	/** Makes who calls, and places a first call. */
	static async open(options: LoadOptions): Promise<FaultLoad> {
		const { databaseUrl } = options;
		const payers = await withContext(databaseUrl, (ctx) => createPayers(ctx, PAYERS));
		const sql = postgres(databaseUrl, { max: 2, onnotice: () => {} });
		const load = new FaultLoad(options, sql, payers);
		await load.placer.placeOne();
		await load.sender.finish();
		return load;
	}

	/** On a PostgreSQL and one app: whatever is asked goes to that app. */
	static onStack({ app, postgres: { databaseUrl }, carrier }: FaultStack, random: Random) {
		return FaultLoad.open({ databaseUrl, carrier, random, chooseTarget: () => app.address });
	}

	start(): void {
		this.placer.start(CALLERS);
	}

	/** Looks up the callbacks that were acknowledged since it did so last. */
	async check(): Promise<void> {
		const { acknowledged } = this.sender;
		const unchecked = acknowledged.slice(this.checked);
		this.checked += unchecked.length;
		this.report.addFindings(await checkAcknowledged(this.sql, unchecked));
	}

	/** Resolves when nobody calls and nothing is left to be told. */
	async stop(): Promise<void> {
		await this.placer.stop();
		await this.sender.finish();
	}

	/** Waits until nothing is held; what is never given back is found by the audit. */
	async settle(awaitsUndialled: boolean): Promise<void> {
		const dialled = this.options.carrier.calls.map(({ callId }) => callId);
		const deadline = performance.now() + SETTLE_MS_MAX;
		while (performance.now() < deadline) {
			const [row] = await this.sql<{ held: number }[]>`
				select count(*)::int as held from credit_holds where state = 'open'
					and (${awaitsUndialled} or call_id = any(${dialled}))`;
			if (row?.held === 0) return;
			await pause(SETTLE_LOOK_MS);
		}
	}

	/** @param requiresReleased whether also holds of calls that were never dialled have to be back */
	async audit(name: string, seed: number, requiresReleased: boolean): Promise<FaultReport> {
		const { placer, sender, report, sql, payers } = this;
		const { carrier, databaseUrl } = this.options;
		const { placements } = placer;
		const books: Books = { placements, dialled: carrier.calls, requiresReleased };
		await this.check();
		report.addFindings(await checkCalls(sql, books));
		report.addFindings({ wrong: await checkCredit(sql, payers, books) });
		report.addFindings({ wrong: await listBreaches(databaseUrl) });
		return report.build({
			name,
			seed,
			calls: {
				placed: placements.length,
				dialled: carrier.calls.length,
				unanswered: placer.unanswered
			},
			callbacks: {
				sent: sender.sent,
				acknowledged: sender.acknowledged.length,
				unanswered: sender.unanswered,
				givenUp: sender.givenUp
			}
		});
	}

	async close(): Promise<void> {
		await this.sql.end({ timeout: 1 });
	}
}
