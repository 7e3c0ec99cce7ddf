/** Two campaigns to look at: one that is over, with its calls, and one that waits to be started. */
import { asc, eq, sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterCall, DEFAULT_RETRY_RULES } from '$lib/domain/campaigns/attempts';
import type { CallEvent } from '$lib/domain/call/event';
import { DEFAULT_RATE } from '$lib/domain/credit/rating';
import type { Context } from '../context';
import type { DemoClock } from './demo-clock';
import { allocateMinutes } from '../minutes/allocate-minutes';
import {
	calls,
	campaignLeads,
	campaigns,
	contacts,
	leadListMembers as members,
	leadLists,
	users
} from '../db/schema/index';

const FINISHED = 'London partners, first round';
const DRAFT = 'Autumn itineraries, second call';
const FROM = '+12025550199';
/** How the calls of the finished one ended: seconds of talk, or why there was none. */
const ENDINGS = [61, 44, 'busy', 105, 'no_answer'] as const;
/** How long each rings, and until the next is placed. */
const RING_SECONDS = 12;
const GAP_SECONDS = 9;
const ONCE = { ...DEFAULT_RETRY_RULES, attemptsMax: 1 };

type Lead = { id: string; name: string; phone: string };

export async function seedCampaigns(
	ctx: Context,
	clock: DemoClock,
	organizationId: number
): Promise<void> {
	const { db } = ctx.services.database;
	const [manager] = await db
		.select({ id: users.id, name: users.name })
		.from(users)
		.where(sql`${users.organizationId} = ${organizationId} and ${users.role} = 'manager'`);
	const lists = await db
		.select()
		.from(leadLists)
		.where(eq(leadLists.organizationId, organizationId))
		.orderBy(asc(leadLists.name));
	const [autumn, london] = await Promise.all(lists.map(({ id }) => leadsOf(ctx, id)));
	if (!manager || !autumn || !london) return;
	const draft = autumn.slice(0, 10);
	await insertCampaign(ctx, { organizationId, createdBy: manager.id, name: DRAFT }, draft);

	// Its own minutes, so that the welcome ones are all there to be tried.
	const grant = { minutes: 5, reason: 'Trial campaign' };
	await allocateMinutes({ ctx, input: { requestId: uuid(), organizationId, ...grant } });
	const about = { organizationId, createdBy: manager.id, name: FINISHED };
	const campaignId = await insertCampaign(ctx, about, london);
	for (const [position, lead] of london.entries()) {
		const ending = ENDINGS[position % ENDINGS.length] ?? 'busy';
		clock.passSeconds(GAP_SECONDS);
		const callId = await callLead(ctx, clock, { ...about, campaignId, manager }, lead, ending);
		const status = typeof ending === 'number' ? ('completed' as const) : ('failed' as const);
		const endReason = typeof ending === 'number' ? null : ending;
		const { state } = afterCall({ status, endReason }, 1, ONCE, clock.nowMs);
		await db
			.update(campaignLeads)
			.set({ state, attempts: 1, callId, outcome: endReason ?? 'completed' })
			.where(
				sql`${campaignLeads.campaignId} = ${campaignId} and ${campaignLeads.position} = ${position}`
			);
	}
	await finish(ctx, campaignId, clock.nowMs);
}

function leadsOf(ctx: Context, listId: string): Promise<Lead[]> {
	return ctx.services.database.db
		.select({ id: contacts.id, name: contacts.name, phone: contacts.phone })
		.from(members)
		.innerJoin(contacts, eq(contacts.id, members.contactId))
		.where(eq(members.leadListId, listId))
		.orderBy(asc(members.position));
}

async function insertCampaign(
	ctx: Context,
	about: { organizationId: number; createdBy: string; name: string },
	leads: Lead[]
): Promise<string> {
	const { db } = ctx.services.database;
	const id = uuid();
	const count = leads.length;
	await db.insert(campaigns).values({
		...about,
		...{ id, createdAt: new Date(ctx.nowMs), totalLeads: count, waitingLeads: count, version: 1 }
	});
	await db.insert(campaignLeads).values(
		leads.map((lead, position) => ({
			...{ organizationId: about.organizationId, campaignId: id, position },
			...{ contactId: lead.id, name: lead.name, phone: lead.phone },
			nextAttemptAt: new Date(ctx.nowMs)
		}))
	);
	return id;
}

interface DemoCampaign {
	organizationId: number;
	campaignId: string;
	manager: { id: string; name: string };
}

/** One call through the lane, as every call goes: held, ended as the provider says, settled. */
async function callLead(
	ctx: Context,
	clock: DemoClock,
	{ organizationId, campaignId, manager }: DemoCampaign,
	lead: Lead,
	ending: number | 'busy' | 'no_answer'
): Promise<string> {
	const { lane, database } = ctx.services;
	const callId = uuid({ msecs: clock.nowMs });
	await lane.submit({
		...{ kind: 'place_call', callId, holdId: uuid(), organizationId, campaignId },
		...{ user: manager, contact: { id: lead.id, name: lead.name }, provider: 'twilio', from: FROM },
		...{ to: lead.phone, country: 'GB', estimateMinutes: null, rate: DEFAULT_RATE },
		...{ isOverdraftAgreed: false, device: 'phone', canBeCut: true, idempotencyKey: null }
	});
	const isTalk = typeof ending === 'number';
	const occurredAtMs = clock.passSeconds(RING_SECONDS + (isTalk ? ending : 0));
	const event: CallEvent = {
		...{ provider: 'twilio', providerCallId: `CA${callId.replaceAll('-', '')}`, callId },
		...{ kind: 'status', facts: {}, problems: [], occurredAtMs },
		status: isTalk ? 'completed' : 'failed',
		rawStatus: isTalk ? 'completed' : ending.replace('_', '-'),
		endReason: isTalk ? null : ending,
		talkSeconds: isTalk ? ending : 0
	};
	await lane.submit({
		kind: 'apply_sweep',
		callId,
		asked: { provider: 'twilio', providerCallId: null },
		finding: { kind: 'event', event }
	});
	// No provider knows this call: nobody is to be asked for its price.
	await database.db
		.update(calls)
		.set({ costState: 'unavailable', costCheckAt: null })
		.where(eq(calls.id, callId));
	return callId;
}

async function finish(ctx: Context, campaignId: string, endedAtMs: number): Promise<void> {
	const [began, ended] = [ctx.nowMs, endedAtMs].map((ms) => new Date(ms).toISOString());
	await ctx.services.database.db.execute(sql`
		update campaigns c set status = 'finished', started_at = ${began}::timestamptz, ended_at = ${ended}::timestamptz,
			attempts_max = 1, waiting_leads = 0, answered_leads = l.answered, unreached_leads = l.unreached,
			attempts = l.attempts, talk_seconds = l.talk, billed_minutes = l.billed
		from (select count(*) filter (where l.state = 'answered') as answered,
				count(*) filter (where l.state = 'unreached') as unreached, sum(l.attempts) as attempts,
				coalesce(sum(k.duration), 0) as talk, coalesce(sum(k.billed_minutes), 0) as billed
			from campaign_leads l join calls k on k.id = l.call_id where l.campaign_id = ${campaignId}) l
		where c.id = ${campaignId}`);
}
