/**
 * The engine of one process: it looks at every campaign that is alive several times a second, dials what it
 * claimed without waiting for providers, and tells browsers at most twice a second. All it knows is in the
 * database: another process, or the next start, goes on where it left off.
 */
import { and, eq, gt, inArray, ne, or } from 'drizzle-orm';
import type { Context } from '../context';
import { campaigns } from '../db/schema/index';
import { dialLeads } from './dial-leads';
import { lookAtCampaign } from './look-at-campaign';
import { tellCampaign } from './tell-campaign';

/** How often the engine looks. */
export const LOOK_MS = 100;
const TELL_MS = 500;
const PAUSED_LOOK_MS = 1_000;

export class CampaignEngine {
	private readonly dialling = new Set<Promise<void>>();
	private readonly untold = new Set<string>();
	private readonly toldAtMs = new Map<string, number>();
	/** Of those that are paused. */
	private readonly lookedAtMs = new Map<string, number>();

	/** One look at every campaign that is alive; at those that are paused only now and then. */
	async look(ctx: Context): Promise<void> {
		const { id, status, pauseCause, callingLeads } = campaigns;
		const found = await ctx.services.database.db
			.select({ id, status })
			.from(campaigns)
			.where(
				or(
					inArray(status, ['running', 'stopping']),
					and(eq(status, 'paused'), or(ne(pauseCause, 'person'), gt(callingLeads, 0)))
				)
			);
		const alive = found.filter((one) => one.status !== 'paused' || this.isTimeToLook(one.id, ctx));
		// One after the other: each sees how much of the provider's pace the ones before it took.
		for (const one of alive) {
			await this.lookAt(ctx, one.id).catch((error: unknown) =>
				ctx.services.log.warn({ err: error, campaign: one.id }, 'campaign: looking failed')
			);
		}
		const known = new Set(found.map((one) => one.id));
		for (const gone of this.lookedAtMs.keys()) {
			if (!known.has(gone)) this.lookedAtMs.delete(gone);
		}
		await this.tell(ctx);
	}

	private isTimeToLook(id: string, { nowMs }: Context): boolean {
		if (nowMs - (this.lookedAtMs.get(id) ?? 0) < PAUSED_LOOK_MS) return false;
		this.lookedAtMs.set(id, nowMs);
		return true;
	}

	/** Waits for what is being dialled. */
	async settle(): Promise<void> {
		await Promise.all(this.dialling);
	}

	private async lookAt(ctx: Context, id: string): Promise<void> {
		const look = await lookAtCampaign(ctx, id);
		if (look?.hasChanged) this.untold.add(id);
		if (!look || look.claimed.length === 0) return;
		const dial = dialLeads(ctx, look)
			.then(() => void this.untold.add(id))
			.catch((error: unknown) =>
				ctx.services.log.warn({ err: error, campaign: id }, 'campaign: dialling failed')
			)
			.finally(() => this.dialling.delete(dial));
		this.dialling.add(dial);
	}

	private async tell(ctx: Context): Promise<void> {
		const nowMs = performance.now();
		for (const id of this.untold) {
			if (nowMs - (this.toldAtMs.get(id) ?? -Infinity) < TELL_MS) continue;
			this.untold.delete(id);
			this.toldAtMs.set(id, nowMs);
			await tellCampaign(ctx, id).catch((error: unknown) => {
				this.untold.add(id);
				ctx.services.log.warn({ err: error, campaign: id }, 'campaign: telling failed');
			});
		}
		for (const [id, atMs] of this.toldAtMs) {
			if (nowMs - atMs > 10 * TELL_MS) this.toldAtMs.delete(id);
		}
	}
}
