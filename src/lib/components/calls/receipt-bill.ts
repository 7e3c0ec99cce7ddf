import { formatMicros, parseMicros } from '$lib/domain/money';
import type { CallHoldView, CallView, ReceiptLineView } from '$lib/views';
import { formatDuration, formatMinutes, formatMoney, plural } from '../format/numbers';

export interface BillLine {
	words: string;
	/** How the amount came to be, where the words leave a question. */
	note: string | null;
	amount: string;
	isOwed: boolean;
}

export interface Bill {
	lines: BillLine[];
	/** All lines together: `2 min`, `$0.20`, `1 min + $0.10`. */
	total: string;
}

type EndedCall = Pick<CallView, 'durationSeconds' | 'cost'>;

/** A receipt as a bill that can be added up by hand. */
export function billOf(call: EndedCall, receipt: ReceiptLineView[]): Bill {
	const lines = receipt.map((line) => ({
		...wordsOf(call, receipt, line),
		amount: amountWords(line.minutes ?? 0, line.amount ?? '0') ?? formatMinutes(0),
		isOwed: line.paidBy === 'debt'
	}));
	const rounding = minutesRounding(call, receipt);
	const lastOfMinutes = receipt.findLastIndex((line) => (line.minutes ?? 0) > 0);
	const last = lines[lastOfMinutes];
	if (last && rounding) last.note = last.note ? `${rounding}. ${last.note}` : rounding;
	const minutes = receipt.reduce((sum, line) => sum + (line.minutes ?? 0), 0);
	const dollars = receipt.reduce((sum, line) => sum + parseMicros(line.amount ?? '0'), 0n);
	const total = amountWords(minutes, formatMicros(dollars, 6));
	return { lines, total: total ?? formatMinutes(0) };
}

function wordsOf(
	call: EndedCall,
	receipt: ReceiptLineView[],
	line: ReceiptLineView
): Pick<BillLine, 'words' | 'note'> {
	if (line.paidBy === 'allocation') {
		const note = line.settlesDebt ? 'It was owed, and paid when this was allocated' : null;
		return { words: `From “${line.reason ?? 'Allocation'}”`, note };
	}
	if (line.paidBy === 'wallet') return walletWords(call, line);
	const isAlone = line.amount !== null && !receipt.some(({ paidBy }) => paidBy === 'wallet');
	const price = isAlone && call.cost ? ` The call cost ${formatMoney(call.cost)}.` : '';
	return { words: 'Owed', note: `No credit was left. What is added next pays it first.${price}` };
}

function walletWords(
	call: EndedCall,
	{ seconds, ratePerMinute, amount }: ReceiptLineView
): Pick<BillLine, 'words' | 'note'> {
	if (seconds === null || ratePerMinute === null) return { words: 'From the wallet', note: null };
	const cost = call.cost ?? amount ?? '0';
	const counted = countedSeconds(cost, ratePerMinute);
	const notes = [
		...(counted > seconds ? [countsAs(seconds, counted)] : []),
		...(amount !== null && Number(cost) > Number(amount)
			? [`It cost ${formatMoney(cost)}; the wallet paid what it had`]
			: [])
	];
	return {
		words: `From the wallet: ${shortTime(seconds)} at ${formatMoney(ratePerMinute)}/min`,
		note: notes.length > 0 ? notes.join('. ') : null
	};
}

/** Seconds that a price paid for: prices are rounded up to a whole micro-dollar at most. */
function countedSeconds(cost: string, ratePerMinute: string): number {
	const rate = parseMicros(ratePerMinute);
	return rate === 0n ? 0 : Number((parseMicros(cost) * 60n) / rate);
}

function minutesRounding(call: EndedCall, receipt: ReceiptLineView[]): string | null {
	const minutes = receipt.reduce((sum, line) => sum + (line.minutes ?? 0), 0);
	const byWallet = receipt.reduce((sum, line) => sum + (line.seconds ?? 0), 0);
	const seconds = (call.durationSeconds ?? 0) - byWallet;
	return minutes * 60 > seconds && seconds > 0 ? countsAs(seconds, minutes * 60) : null;
}

function countsAs(seconds: number, counted: number): string {
	const words = counted % 60 === 0 ? plural(counted / 60, 'minute') : shortTime(counted);
	return `${shortTime(seconds)} counts as ${words}`;
}

function shortTime(seconds: number): string {
	return seconds < 120 ? `${seconds} s` : formatDuration(seconds);
}

function amountWords(minutes: number, dollars: string): string | null {
	const parts = [
		...(minutes > 0 ? [formatMinutes(minutes)] : []),
		...(Number(dollars) !== 0 ? [formatMoney(dollars)] : [])
	];
	return parts.length > 0 ? parts.join(' + ') : null;
}

/** What was set aside for the call, what went back, and why there was no more. */
export function holdSentences(hold: CallHoldView): string {
	const held = amountWords(hold.heldMinutes, hold.heldAmount);
	const debt = hold.overdraftMinutes > 0 ? plural(hold.overdraftMinutes, 'minute') : null;
	const aside = [held, debt && `${debt} of agreed debt`].filter((part) => part !== null);
	const what = `${aside.join(' and ') || 'Nothing'} ${hold.returnedMinutes === null ? 'is' : 'was'} set aside for it`;
	const sentences = [`${what}${returnedWords(hold)}.`];
	if (hold.drainCause === 'budget') sentences.push('There was no more: the budget was used up.');
	if (hold.drainCause === 'credit') sentences.push('There was no more: credit was used up.');
	if (hold.drainCause === 'switched_off')
		sentences.push('There was no more: calling was switched off.');
	return sentences.join(' ');
}

function returnedWords({ returnedMinutes, returnedAmount, ...hold }: CallHoldView): string {
	if (returnedMinutes === null || returnedAmount === null) return '';
	const back = amountWords(returnedMinutes, returnedAmount);
	if (back) return `; ${back} went back when it ended`;
	return amountWords(hold.heldMinutes, hold.heldAmount) ? ' and used' : '';
}
