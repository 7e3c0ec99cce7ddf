/**
 * What the books of one organisation say, in one shape whoever kept them: the lane in memory, the lane in
 * Postgres, or the naive re-computation. Two books are the same when their lines are.
 */

export interface CreditFigures {
	totalMinutes: number;
	usedMinutes: number;
	heldMinutes: number;
	debtMinutes: number;
	liveCalls: number;
	isActive: boolean;
	balanceMicros: bigint;
	heldMicros: bigint;
	debtMicros: bigint;
	overdraftHeldMinutes: number;
	overdraftHeldMicros: bigint;
}

export interface CallFigures {
	id: string;
	sid: string | null;
	status: string;
	endReason: string | null;
	localDay: string;
	answeredAtMs: number | null;
	endedAtMs: number | null;
	talkSeconds: number | null;
	billedMinutes: number | null;
	walletSeconds: number | null;
	costMicros: bigint | null;
}

export interface HoldFigures {
	callId: string;
	parts: { allocationId: string; minutes: number }[];
	walletMicros: bigint;
	walletSeconds: number;
	overdraftMinutes: number;
	overdraftMicros: bigint;
}

export interface DebtFigures {
	callId: string;
	minutes: number;
	remainingMinutes: number;
	amountMicros: bigint;
	remainingMicros: bigint;
	/** Minutes that paid dollars, less minutes that dollars paid; and those dollars. */
	convertedMinutes: number;
	convertedMicros: bigint;
}

export interface UsageFigures {
	callId: string;
	allocationId: string;
	minutes: number;
	isExternal: boolean;
	settlesDebt: boolean;
}

export interface MoneyFigures {
	type: string;
	amountMicros: bigint;
	beforeMicros: bigint;
	afterMicros: bigint;
	callId: string | null;
}

export interface DayFigures {
	day: string;
	country: string;
	total: number;
	completed: number;
	failed: number;
	cancelled: number;
	talkSeconds: number;
	billedMinutes: number;
}

export interface Books {
	credit: CreditFigures;
	/** Only those with minutes left. */
	lots: { id: string; remaining: number; held: number }[];
	calls: CallFigures[];
	/** Only open ones. */
	holds: HoldFigures[];
	debts: DebtFigures[];
	usage: UsageFigures[];
	/** In the order in which they were booked. */
	transactions: MoneyFigures[];
	history: { allocationId: string; kind: string; minutes: number }[];
	/** Provider deliveries that were looked at for a call, by delivery id. */
	heard: { callId: string; deliveryId: string }[];
	consumptions: { externalCallId: string; minutes: number; shortMinutes: number }[];
	days: DayFigures[];
}

/** The numbers of the credit row in a line. */
export function describeCredit(credit: CreditFigures): string {
	return (
		`credit: total ${credit.totalMinutes}, used ${credit.usedMinutes}, held ${credit.heldMinutes},` +
		` debt ${credit.debtMinutes} min; balance ${credit.balanceMicros}, held ${credit.heldMicros},` +
		` debt ${credit.debtMicros} micros; overdraft lent ${credit.overdraftHeldMinutes} min and` +
		` ${credit.overdraftHeldMicros} micros; ${credit.liveCalls} live, ${credit.isActive ? 'on' : 'off'}`
	);
}

/** Every fact of the books as a line; the order of lines says nothing, except where it is numbered. */
export function describeBooks(books: Books): string[] {
	return [
		describeCredit(books.credit),
		...books.lots.map((lot) => `lot ${lot.id}: ${lot.remaining} left, ${lot.held} held`),
		...books.calls.map(describeCall),
		...books.holds.map(
			(hold) =>
				`hold of ${hold.callId}: ${hold.parts.map((part) => `${part.minutes} of ${part.allocationId}`).join(' + ')}` +
				` | ${hold.walletMicros} micros for ${hold.walletSeconds} s` +
				` | overdraft ${hold.overdraftMinutes} min, ${hold.overdraftMicros} micros`
		),
		...books.debts.map(
			(debt) =>
				`debt of ${debt.callId}: ${debt.remainingMinutes} of ${debt.minutes} min,` +
				` ${debt.remainingMicros} of ${debt.amountMicros} micros` +
				` | ${debt.convertedMinutes} min for ${debt.convertedMicros} micros`
		),
		...books.usage.map(
			(row) =>
				`usage: ${row.callId} took ${row.minutes} of ${row.allocationId}${row.settlesDebt ? ' for its debt' : ''}${row.isExternal ? ', told' : ''}`
		),
		...books.transactions.map(
			(row, index) =>
				`transaction ${index + 1}: ${row.type} ${row.amountMicros}, ${row.beforeMicros} -> ${row.afterMicros}` +
				` for ${row.callId ?? 'no call'}`
		),
		...books.history.map((row) => `history: ${row.kind} ${row.minutes} of ${row.allocationId}`),
		...books.heard.map((row) => `heard: ${row.deliveryId} about ${row.callId}`),
		...books.consumptions.map(
			(row) => `consumed: ${row.externalCallId}, ${row.minutes} min, ${row.shortMinutes} short`
		),
		...books.days.map(
			(day) =>
				`day ${day.day} ${day.country}: ${day.total} calls, ${day.completed} completed, ${day.failed} failed,` +
				` ${day.cancelled} cancelled, ${day.talkSeconds} s, ${day.billedMinutes} min`
		)
	];
}

function describeCall(call: CallFigures): string {
	return (
		`call ${call.id}: ${call.status} (${call.endReason ?? '-'}) as ${call.sid ?? '-'} on ${call.localDay},` +
		` answered ${call.answeredAtMs ?? '-'}, ended ${call.endedAtMs ?? '-'}, talked ${call.talkSeconds ?? '-'} s,` +
		` billed ${call.billedMinutes ?? '-'} min, wallet ${call.walletSeconds ?? '-'} s, cost ${call.costMicros ?? '-'}`
	);
}
