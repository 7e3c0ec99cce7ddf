/**
 * The naive re-computation: told every command in the order in which it was committed, it says what the
 * books of each organisation must be. It shares no code with the credit core or the lane.
 */
import type { CallEvent } from '$lib/domain/call/event';
import type { BillingMode } from '$lib/domain/credit/types';
import type {
	ApplyDelivery,
	ApplySweep,
	Command,
	MeterCall,
	PlaceCall
} from '$lib/domain/lane/commands';
import type { Books } from './books';
import { booksOf, creditOf, type Account, type CallRecord } from './reckoned-books';
import { CreditReckoning } from './reckoned-credit';
import type { OrganizationSettings } from './organizations';
import { settle } from './reckoned-settlement';
import { Purse, type Promised } from './purse';

/** What only the database knows when two processes pass each other without a common lock. */
export interface Matching {
	isUnmatched: boolean;
	/** Waiting deliveries that a bind took over. */
	claimedIds: string[];
}

interface Waiting {
	id: string;
	event: CallEvent;
	receivedAtMs: number;
}

export class Reckoning {
	private readonly accounts = new Map<number, Account>();
	private readonly calls = new Map<string, CallRecord>();
	private readonly callBySid = new Map<string, CallRecord>();
	private readonly waiting: Waiting[] = [];
	private readonly deliveriesSeen = new Set<string>();
	private readonly credit = new CreditReckoning();
	/** Sentences about commands that must never have been decided. */
	readonly breaches: string[] = [];

	open(organizationId: number, settings: OrganizationSettings): void {
		this.accounts.set(organizationId, {
			settings,
			purse: new Purse(settings.mode, {
				minutes: settings.overdraftMinutes,
				micros: settings.overdraftMicros
			}),
			isActive: true,
			policy: 'block_new',
			calls: [],
			usage: [],
			history: [],
			heard: [],
			consumptions: []
		});
	}

	/** Calls in progress go on as they were promised. */
	changeMode(organizationId: number, mode: BillingMode): void {
		this.account(organizationId).purse.mode = mode;
	}

	has(organizationId: number): boolean {
		return this.accounts.has(organizationId);
	}

	booksOf(organizationId: number): Books {
		return booksOf(this.account(organizationId));
	}

	creditOf(organizationId: number): Books['credit'] {
		return creditOf(this.account(organizationId));
	}

	/**
	 * Enters one command.
	 * @returns the kinds of answer that are right
	 */
	apply(command: Command, nowMs: number, matching?: Matching): string[] {
		switch (command.kind) {
			case 'place_call':
				return [this.place(command, nowMs)];
			case 'bind_provider_call':
				return [this.bind(command.callId, command.providerCallId, nowMs, matching)];
			case 'close_submit': {
				const call = this.calls.get(command.callId);
				if (!call) return ['unknown_call'];
				if (call.isOver || call.sid !== null) return ['call_went_on'];
				if (command.outcome === 'refused') this.fail(call, command.endReason, nowMs);
				else call.mayBeKnownSinceMs = nowMs;
				return ['closed'];
			}
			case 'apply_delivery':
				return [this.deliver(command, nowMs, matching)];
			case 'apply_sweep':
				return [this.sweep(command, nowMs)];
			case 'meter_call':
				return [this.meter(command, nowMs)];
			case 'allocate':
			case 'withdraw_allocation':
			case 'move_money':
			case 'consume':
			case 'set_active':
				return this.credit.apply(this.account(command.organizationId), command, nowMs);
			default:
				throw new Error(`The reckoning knows no ${command.kind}.`);
		}
	}

	private place(command: PlaceCall, nowMs: number): string {
		const account = this.account(command.organizationId);
		if (this.calls.has(command.callId)) return 'placed';
		const key = command.idempotencyKey;
		if (key !== null && account.calls.some((call) => call.idempotencyKey === key)) return 'placed';
		if (!account.isActive) return 'blocked';
		if (account.calls.some((call) => !call.isOver && call.to === command.to)) return 'blocked';
		const { callId, rate } = command;
		const live = account.calls.filter((call) => !call.isOver).length;
		const wanted = command.canBeCut
			? sliceOf(account, live + 1, rate, nowMs)
			: account.settings.estimateMinutes;
		const minutes = command.estimateMinutes ?? wanted;
		const found = account.purse.seek(callId, rate, minutes, command.isOverdraftAgreed, nowMs);
		if (sizeOf(found) < (command.estimateMinutes ?? 1)) return 'blocked';
		account.purse.promise(callId, found);
		const call: CallRecord = {
			id: callId,
			account,
			to: command.to,
			country: command.country,
			rate,
			mayOwe: command.isOverdraftAgreed,
			idempotencyKey: key,
			sid: null,
			status: 'initiated',
			endReason: null,
			placedAtMs: nowMs,
			mayBeKnownSinceMs: nowMs,
			answeredAtMs: null,
			isAnswerGuessed: false,
			endedAtMs: null,
			talkSeconds: null,
			walletSeconds: null,
			costMicros: null,
			isOver: false
		};
		account.calls.push(call);
		this.calls.set(callId, call);
		return 'placed';
	}

	private bind(callId: string, sid: string, nowMs: number, matching?: Matching): string {
		const call = this.calls.get(callId);
		if (!call) return 'unknown_call';
		const owner = this.callBySid.get(sid);
		if ((owner && owner !== call) || (call.sid ?? sid) !== sid) return 'already_bound';
		const isLate = call.isOver && (call.sid === null || call.endReason === 'never_placed');
		this.know(call, sid);
		const waiting = this.waiting
			.filter(({ event }) => event.providerCallId === sid)
			.filter(({ id }) => matching === undefined || matching.claimedIds.includes(id))
			.sort((one, other) => one.receivedAtMs - other.receivedAtMs || (one.id < other.id ? -1 : 1));
		for (const delivery of waiting) {
			this.waiting.splice(this.waiting.indexOf(delivery), 1);
			call.account.heard.push({ callId, deliveryId: delivery.id });
			this.hear(call, delivery.event, delivery.receivedAtMs, nowMs);
		}
		return isLate ? 'bound_late' : 'bound';
	}

	private deliver(command: ApplyDelivery, nowMs: number, matching?: Matching): string {
		const { event, deliveryId: id, dedupeKey } = command;
		if (this.deliveriesSeen.has(dedupeKey)) {
			this.breaches.push(`delivery ${dedupeKey} was decided a second time, as ${id}`);
		}
		this.deliveriesSeen.add(dedupeKey);
		const call = this.callBySid.get(event.providerCallId) ?? this.calls.get(event.callId ?? '');
		if (event.problems.length > 0) return 'failed';
		if (!call || matching?.isUnmatched) {
			this.waiting.push({ id, event, receivedAtMs: nowMs });
			return 'unmatched';
		}
		if (call.sid !== null && call.sid !== event.providerCallId) return 'ignored';
		this.know(call, event.providerCallId);
		call.account.heard.push({ callId: call.id, deliveryId: id });
		const contradicts =
			event.status === null ||
			(call.isOver &&
				isOver(event) &&
				(call.status !== event.status || (call.talkSeconds ?? 0) !== (event.talkSeconds ?? 0)));
		this.hear(call, event, nowMs, nowMs);
		return contradicts ? 'ignored' : 'applied';
	}

	private sweep({ callId, asked, finding }: ApplySweep, nowMs: number): string {
		const call = this.calls.get(callId);
		if (!call) return 'unknown_call';
		if (call.isOver || finding.kind === 'no_answer') return 'swept';
		if (finding.kind !== 'event') {
			// Too early, or asked before the call had the name it has.
			const isOutdated =
				call.sid !== asked.providerCallId || nowMs - call.mayBeKnownSinceMs < 60_000;
			if (isOutdated) return 'swept';
			this.fail(call, 'never_placed', nowMs);
			return 'swept';
		}
		const { event } = finding;
		const owner = this.callBySid.get(event.providerCallId);
		const isAnother =
			(owner && owner !== call) || (call.sid ?? event.providerCallId) !== event.providerCallId;
		if (isAnother || event.problems.length > 0) return 'swept';
		this.know(call, event.providerCallId);
		if (rankOf(event) > rankOf(call)) this.hear(call, event, nowMs, nowMs);
		return 'swept';
	}

	/** A call takes the highest status it hears of, and its first end for good. */
	private hear(call: CallRecord, event: CallEvent, receivedAtMs: number, nowMs: number): void {
		const atMs = Math.max(event.occurredAtMs ?? receivedAtMs, call.placedAtMs);
		if (event.status === 'in_progress' && (call.answeredAtMs === null || call.isAnswerGuessed)) {
			call.answeredAtMs = atMs;
			call.isAnswerGuessed = false;
		}
		if (event.status === null || rankOf(event) <= rankOf(call)) return;
		call.status = event.status;
		if (!isOver(event)) return;
		const talked = event.status === 'completed' ? (event.talkSeconds ?? 0) : 0;
		if (call.answeredAtMs === null && talked > 0) {
			call.answeredAtMs = atMs - talked * 1000;
			call.isAnswerGuessed = true;
		}
		call.endReason = event.endReason;
		call.endedAtMs = atMs;
		settle(call, talked, nowMs);
	}

	private fail(call: CallRecord, reason: string, nowMs: number): void {
		call.status = 'failed';
		call.endReason = reason;
		call.endedAtMs = nowMs;
		settle(call, 0, nowMs);
	}

	private meter({ callId }: MeterCall, nowMs: number): string {
		const call = this.calls.get(callId);
		if (!call) return 'unknown_call';
		if (call.isOver) return 'not_due';
		const { account } = call;
		if (!account.isActive && account.policy === 'cut_now') return 'cut';
		const promised = account.purse.promises.get(callId);
		if (!promised || call.answeredAtMs === null) return 'not_due';
		const untilMs = call.answeredAtMs + sizeOf(promised) * 60_000;
		if (nowMs < untilMs - 20_000) return 'not_due';
		const nobodyLeft = nowMs >= untilMs - 700 ? 'cut' : 'draining';
		if (!account.isActive && account.policy === 'drain') return nobodyLeft;
		const live = account.calls.filter((other) => !other.isOver).length;
		const minutes = sliceOf(account, live, call.rate, nowMs);
		const more = account.purse.seek(callId, call.rate, minutes, call.mayOwe, nowMs);
		if (sizeOf(more) === 0) return nobodyLeft;
		account.purse.promise(callId, more);
		return 'extended';
	}

	private know(call: CallRecord, sid: string): void {
		call.sid ??= sid;
		this.callBySid.set(sid, call);
	}

	private account(organizationId: number): Account {
		const account = this.accounts.get(organizationId);
		if (!account) throw new Error(`Nobody opened an account for organisation ${organizationId}.`);
		return account;
	}
}

/** Minutes of a slice: the organisation's estimate, or one when not everybody could have as much. */
function sliceOf(account: Account, calls: number, rate: CallRecord['rate'], nowMs: number): number {
	const { estimateMinutes } = account.settings;
	const forAll = estimateMinutes * calls;
	return account.purse.affordable(rate, forAll, nowMs) < forAll ? 1 : estimateMinutes;
}

function sizeOf(promised: Promised): number {
	const lentMinutes = promised.overdraftMinutes + promised.overdraftDollarMinutes;
	return promised.coins.length + promised.walletMinutes + lentMinutes;
}

function isOver({ status }: { status: string | null }): boolean {
	return status === 'completed' || status === 'failed' || status === 'cancelled';
}

function rankOf(what: { status: string | null }): number {
	if (isOver(what)) return 3;
	return ['initiated', 'ringing', 'in_progress'].indexOf(what.status ?? '');
}
