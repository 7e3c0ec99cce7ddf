import { sql } from 'drizzle-orm';
import type { LeadState, SkipReason, WaitReason } from '$lib/domain/campaigns/campaign';
import type { AfterCall } from '$lib/domain/campaigns/attempts';
import type { Database } from '../db/client';
import type { CampaignRow } from './campaign-rows';
import type { CallingRow } from './lead-rows';

interface LeadRecord {
	position: number;
	state: LeadState;
	reason: string | null;
	attempts: number | null;
	nextAttemptMs: number | null;
	callId: string | null;
	claimedMs: number | null;
	outcome: string | null;
}

/** What a look changes of leads, collected: one statement writes it, and the counters move with it. */
export class LeadChanges {
	readonly delta: Record<LeadState, number> = {
		waiting: 0,
		calling: 0,
		answered: 0,
		unreached: 0,
		skipped: 0
	};
	/** Of calls that ended. */
	ended = 0;
	done = 0;
	attempts = 0;
	talkSeconds = 0;
	billedMinutes = 0;
	costMicros = 0n;
	private readonly records = new Map<number, LeadRecord>();

	get any(): boolean {
		return this.records.size > 0;
	}

	/** A call has ended: its lead is done, or waits for the next one. */
	end(lead: CallingRow & { call: NonNullable<CallingRow['call']> }, after: AfterCall): void {
		const { call } = lead;
		this.ended++;
		this.attempts += after.isAttempt ? 1 : 0;
		this.talkSeconds += call.talkSeconds;
		this.billedMinutes += call.billedMinutes;
		this.costMicros += call.costMicros;
		this.move('calling', after.state);
		if (after.state !== 'waiting') this.done++;
		this.record(lead.position, {
			state: after.state,
			reason: after.waitReason,
			attempts: lead.attempts + (after.isAttempt ? 1 : 0),
			nextAttemptMs: after.nextAttemptAtMs,
			outcome: call.status === 'completed' ? 'completed' : (call.endReason ?? call.status)
		});
	}

	claim(lead: { position: number; wasCalling: boolean }, callId: string, nowMs: number): void {
		this.move(lead.wasCalling ? 'calling' : 'waiting', 'calling');
		this.record(lead.position, { state: 'calling', callId, claimedMs: nowMs });
	}

	/** Back among those that wait, or on with waiting. */
	giveBack(position: number, atMs: number, reason: WaitReason | null, wasCalling = true): void {
		this.move(wasCalling ? 'calling' : 'waiting', 'waiting');
		this.record(position, { state: 'waiting', reason, nextAttemptMs: atMs });
	}

	skip(lead: { position: number; wasCalling: boolean }, reason: SkipReason): void {
		this.done++;
		this.move(lead.wasCalling ? 'calling' : 'waiting', 'skipped');
		this.record(lead.position, { state: 'skipped', reason });
	}

	async write(tx: Pick<Database, 'execute'>, campaign: Pick<CampaignRow, 'id'>): Promise<void> {
		if (this.records.size === 0) return;
		const records = JSON.stringify([...this.records.values()]);
		await tx.execute(sql`
			update campaign_leads l set state = r.state, reason = r.reason,
				attempts = coalesce(r.attempts, l.attempts), outcome = coalesce(r.outcome, l.outcome),
				next_attempt_at = coalesce(to_timestamp(r."nextAttemptMs" / 1000.0), l.next_attempt_at),
				call_id = coalesce(r."callId", l.call_id),
				claimed_at = coalesce(to_timestamp(r."claimedMs" / 1000.0), l.claimed_at)
			from json_to_recordset(${records}::json) as r(position int, state text, reason text, attempts int,
				"nextAttemptMs" bigint, "callId" uuid, "claimedMs" bigint, outcome text)
			where l.campaign_id = ${campaign.id} and l.position = r.position`);
	}

	private move(from: LeadState, to: LeadState): void {
		this.delta[from]--;
		this.delta[to]++;
	}

	private record(position: number, change: Partial<LeadRecord> & { state: LeadState }): void {
		this.records.set(position, {
			position,
			reason: null,
			attempts: null,
			nextAttemptMs: null,
			callId: null,
			claimedMs: null,
			outcome: null,
			...change
		});
	}
}
