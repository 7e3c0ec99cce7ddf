/** What the naive re-computation keeps of one organisation, and how its books read. */
import type { Rate } from '$lib/domain/credit/types';
import type { Books, DayFigures, UsageFigures } from './books';
import type { OrganizationSettings } from './organizations';
import { countOf, minutesOf, type Purse } from './purse';

export interface CallRecord {
	id: string;
	account: Account;
	to: string;
	country: string;
	rate: Rate;
	mayOwe: boolean;
	idempotencyKey: string | null;
	sid: string | null;
	status: string;
	endReason: string | null;
	placedAtMs: number;
	/** From when on its provider could know it. */
	mayBeKnownSinceMs: number;
	answeredAtMs: number | null;
	isAnswerGuessed: boolean;
	endedAtMs: number | null;
	talkSeconds: number | null;
	walletSeconds: number | null;
	costMicros: bigint | null;
	isOver: boolean;
}

export interface Account {
	settings: OrganizationSettings;
	purse: Purse;
	isActive: boolean;
	policy: string;
	calls: CallRecord[];
	usage: UsageFigures[];
	history: Books['history'];
	heard: Books['heard'];
	consumptions: Books['consumptions'];
}

export function creditOf({ purse, calls, isActive }: Account): Books['credit'] {
	const spent = purse.count('spent');
	const held = purse.count('held');
	return {
		totalMinutes: purse.count('free') + held + spent,
		usedMinutes: spent,
		heldMinutes: held,
		debtMinutes: purse.debtMinutes,
		liveCalls: calls.filter((call) => !call.isOver).length,
		isActive,
		balanceMicros: purse.balanceMicros,
		heldMicros: purse.heldMicros,
		debtMicros: purse.debtMicros,
		overdraftHeldMinutes: purse.overdraftHeldMinutes,
		overdraftHeldMicros: purse.overdraftHeldMicros
	};
}

export function booksOf(account: Account): Books {
	const { purse, calls, usage, history, heard, consumptions } = account;
	return {
		credit: creditOf(account),
		lots: purse.grants
			.map((grant) => ({ grant, held: countOf(grant, 'held') }))
			.map(({ grant, held }) => ({
				id: grant.id,
				held,
				remaining: held + countOf(grant, 'free')
			}))
			.filter(({ remaining }) => remaining > 0),
		calls: calls.map((call) => ({
			id: call.id,
			sid: call.sid,
			status: call.status,
			endReason: call.endReason,
			localDay: dayOf(call),
			answeredAtMs: call.answeredAtMs,
			endedAtMs: call.endedAtMs,
			talkSeconds: call.talkSeconds,
			billedMinutes: call.isOver ? minutesOf(call.talkSeconds ?? 0) : null,
			walletSeconds: call.walletSeconds,
			costMicros: call.costMicros
		})),
		holds: [...purse.promises].map(([callId, promised]) => ({
			callId,
			parts: [...new Set(promised.coins.map(({ grant }) => grant))].map((grant) => ({
				allocationId: grant.id,
				minutes: promised.coins.filter((coin) => coin.grant === grant).length
			})),
			walletMicros: promised.walletMicros,
			walletSeconds: promised.walletMinutes * 60,
			overdraftMinutes: promised.overdraftMinutes,
			overdraftMicros: promised.overdraftMicros
		})),
		debts: purse.debts,
		usage,
		transactions: purse.transactions,
		history,
		heard,
		consumptions,
		days: countDays(calls)
	};
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The date on the wall of the organisation when the call was placed. */
function dayOf({ account, placedAtMs }: CallRecord): string {
	const { timezone: timeZone } = account.settings;
	const formatter = formatters.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone });
	formatters.set(timeZone, formatter);
	return formatter.format(placedAtMs);
}

function countDays(calls: CallRecord[]): DayFigures[] {
	const days = new Map<string, DayFigures>();
	for (const call of calls) {
		const [day, { country }] = [dayOf(call), call];
		const none = { total: 0, completed: 0, failed: 0, cancelled: 0 };
		const counted = days.get(`${day} ${country}`) ?? {
			...{ day, country, ...none },
			...{ talkSeconds: 0, billedMinutes: 0 }
		};
		counted.total++;
		if (call.status === 'completed') counted.completed++;
		if (call.status === 'failed') counted.failed++;
		if (call.status === 'cancelled') counted.cancelled++;
		counted.talkSeconds += call.talkSeconds ?? 0;
		counted.billedMinutes += call.isOver ? minutesOf(call.talkSeconds ?? 0) : 0;
		days.set(`${day} ${country}`, counted);
	}
	return [...days.values()];
}
