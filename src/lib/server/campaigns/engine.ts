/**
 * The engine of one process: it looks at every campaign that is alive several times a second, dials what it
 * claimed without waiting for providers, and tells browsers at most twice a second. All it knows is in the
 * database: another process, or the next start, goes on where it left off.
 */
import { inArray } from 'drizzle-orm';
import type { Context } from '../context';
import { campaigns } from '../db/schema/index';
import { dialLeads } from './dial-leads';
import { lookAtCampaign } from './look-at-campaign';
import { tellCampaign } from './tell-campaign';

/** How often the engine looks. */
export const LOOK_MS = 100;
const TELL_MS = 500;

export class CampaignEngine {
	private readonly dialling = new Set<Promise<void>>();
	private readonly untold = new Set<string>();
	private readonly toldAtMs = new Map<string, number>();

	/** One look at every campaign that is alive. */
	async look(ctx: Context): Promise<void> {
		const alive = await ctx.services.database.db
			.select({ id: campaigns.id })
			.from(campaigns)
			.where(inArray(campaigns.status, ['running', 'paused', 'stopping']));
		// One after the other: each sees how much of the provider's pace the ones before it took.
		for (const { id } of alive) {
			await this.lookAt(ctx, id).catch((error: unknown) =>
				ctx.services.log.warn({ err: error, campaign: id }, 'campaign: looking failed')
			);
		}
		await this.tell(ctx);
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
