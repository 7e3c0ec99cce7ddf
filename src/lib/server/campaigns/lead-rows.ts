import { and, asc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import type { CallStatus } from '$lib/domain/call/status';
import type { ClaimCandidate } from '$lib/domain/campaigns/claim';
import type { Database } from '../db/client';
import { calls, campaignLeads as leads, contacts } from '../db/schema/index';
import type { CampaignRow } from './campaign-rows';

type Reader = Pick<Database, 'select'>;
const DAY_MS = 86_400_000;

/** A lead with a call under way, or with a claim whose call nobody placed yet. */
export interface CallingRow {
	position: number;
	callId: string;
	phone: string;
	attempts: number;
	claimedAtMs: number;
	call: {
		status: CallStatus;
		endReason: string | null;
		hasEnded: boolean;
		isAccepted: boolean;
		talkSeconds: number;
		billedMinutes: number;
		costMicros: bigint;
	} | null;
}

export async function readCalling(tx: Reader, campaign: CampaignRow): Promise<CallingRow[]> {
	if (campaign.callingLeads === 0) return [];
	const rows = await tx
		.select({ lead: leads, call: calls })
		.from(leads)
		.leftJoin(calls, eq(calls.id, leads.callId))
		.where(and(eq(leads.campaignId, campaign.id), eq(leads.state, 'calling')));
	return rows.map(({ lead, call }) => ({
		position: lead.position,
		callId: lead.callId ?? '',
		phone: lead.phone,
		attempts: lead.attempts,
		claimedAtMs: lead.claimedAt?.getTime() ?? 0,
		call: call && {
			status: call.status,
			endReason: call.endReason,
			hasEnded: call.endedAt !== null,
			isAccepted: call.providerCallId !== null,
			talkSeconds: call.duration ?? 0,
			billedMinutes: call.billedMinutes ?? 0,
			costMicros: call.cost ?? 0n
		}
	}));
}

/** A lead that may be claimed, with everything the rules ask about it. */
export interface CandidateRow {
	position: number;
	phone: string;
	contact: { id: string; name: string } | null;
	/** Of a claim that nobody placed: the call keeps its id. */
	callId: string | null;
	wasCalling: boolean;
	candidate: ClaimCandidate;
}

/** Those that are due, longest due first, and before them claims that were left behind. */
export async function readCandidates(
	tx: Reader,
	campaign: CampaignRow,
	orphans: { position: number }[],
	{ nowMs, limit }: { nowMs: number; limit: number }
): Promise<CandidateRow[]> {
	const left = orphans.map(({ position }) => position);
	if (limit === 0 && left.length === 0) return [];
	const isDue = and(eq(leads.state, 'waiting'), lte(leads.nextAttemptAt, new Date(nowMs)));
	const select = () =>
		tx
			.select({ lead: leads, contact: contacts })
			.from(leads)
			// By number, not by id: a contact that was merged or made anew is still who is called.
			.leftJoin(
				contacts,
				and(eq(contacts.organizationId, leads.organizationId), eq(contacts.phone, leads.phone))
			)
			.$dynamic();
	const ofCampaign = eq(leads.campaignId, campaign.id);
	const behind =
		left.length === 0 ? [] : await select().where(and(ofCampaign, inArray(leads.position, left)));
	const due =
		limit === 0
			? []
			: await select()
					.where(and(ofCampaign, isDue))
					.orderBy(asc(leads.nextAttemptAt), asc(leads.position))
					.limit(limit);
	const rows = byLead([...behind, ...due]);
	const numbers = await readNumbers(
		tx,
		campaign.organizationId,
		rows.map(({ lead }) => lead.phone),
		nowMs
	);
	return rows.map(({ lead, contact, isBarred }) => ({
		position: lead.position,
		phone: lead.phone,
		contact: contact && { id: contact.id, name: contact.name },
		callId: lead.state === 'calling' ? lead.callId : null,
		wasCalling: lead.state === 'calling',
		candidate: {
			phone: lead.phone,
			contact: contact && { doNotCall: isBarred, timezone: contact.timezone },
			isNumberBusy: numbers.get(lead.phone)?.isBusy ?? false,
			callsOfDayMs: numbers.get(lead.phone)?.callsOfDayMs ?? []
		}
	}));
}

type LeadRow = typeof leads.$inferSelect;
type ContactRow = typeof contacts.$inferSelect;

/** One row for each lead: an archived contact is nobody to call, but what it barred stays barred. */
function byLead(
	rows: { lead: LeadRow; contact: ContactRow | null }[]
): { lead: LeadRow; contact: ContactRow | null; isBarred: boolean }[] {
	const found = new Map<number, { lead: LeadRow; contact: ContactRow | null; isBarred: boolean }>();
	for (const { lead, contact } of rows) {
		const one = found.get(lead.position) ?? { lead, contact: null, isBarred: false };
		if (contact && !isArchived(contact)) one.contact = contact;
		one.isBarred ||= contact?.doNotCall ?? false;
		found.set(lead.position, one);
	}
	return [...found.values()];
}

function isArchived(contact: ContactRow): boolean {
	return 'archivedAt' in contact && contact.archivedAt !== null;
}

interface NumberUse {
	isBusy: boolean;
	callsOfDayMs: number[];
}

/** Calls of the last day to these numbers, by whomever; those that were never dialled do not count. */
async function readNumbers(
	tx: Reader,
	organizationId: number,
	phones: string[],
	nowMs: number
): Promise<Map<string, NumberUse>> {
	const uses = new Map<string, NumberUse>();
	if (phones.length === 0) return uses;
	const isRecent = and(
		sql`${calls.initiatedAt} > ${new Date(nowMs - DAY_MS).toISOString()}::timestamptz`,
		or(eq(calls.submitState, 'accepted'), isNull(calls.endedAt))
	);
	const rows = await tx
		.select({ to: calls.to, at: calls.initiatedAt, endedAt: calls.endedAt })
		.from(calls)
		.where(
			and(
				eq(calls.organizationId, organizationId),
				inArray(calls.to, phones),
				or(isNull(calls.endedAt), isRecent)
			)
		)
		.orderBy(asc(calls.initiatedAt));
	for (const { to, at, endedAt } of rows) {
		const use = uses.get(to) ?? { isBusy: false, callsOfDayMs: [] };
		use.isBusy ||= endedAt === null;
		use.callsOfDayMs.push(at.getTime());
		uses.set(to, use);
	}
	return uses;
}
