/**
 * Auto-refill: a small machine per organisation, changed only under its lock (LESSONS.md 2.7).
 *
 *   armed -> claimed -> charging -> settled -> armed
 *                          |-> backoff -> charging        a decline that may pass
 *                          |-> paused -> armed            a decline that needs a person, or the monthly cap
 *                          '-> unknown -> settled | ...   nobody knows: asked again under the same key
 *
 * The row itself is the one open claim: it stays through failures, so that no second one is opened.
 */
import { spendableMicros } from '../credit/funding';
import type { Credit } from '../credit/types';
import { MICROS_PER_DOLLAR } from '../money';

export type AutoRefillState =
	'armed' | 'claimed' | 'charging' | 'settled' | 'backoff' | 'paused' | 'unknown';

export type PauseReason =
	'declined' | 'card_refused' | 'authentication_required' | 'no_card' | 'monthly_cap' | 'mismatch';

export interface RefillSettings {
	isEnabled: boolean;
	/** Charged once, or several times at once when that closes the gap. */
	amountMicros: bigint;
	thresholdMicros: bigint;
	/** Most that is charged in a calendar month; null: no cap. */
	monthlyCapMicros: bigint | null;
}

export interface AutoRefill extends RefillSettings {
	state: AutoRefillState;
	/** The attempt under way, or the last one. */
	paymentId: string | null;
	/** Declines in a row. */
	declines: number;
	/** When there is something to do; null: wait for the balance to fall or for a person. */
	lookAtMs: number | null;
	pauseReason: PauseReason | null;
	/** Month of `monthSpentMicros` in the organisation's zone, `2026-11`. */
	month: string;
	monthSpentMicros: bigint;
	lastRefillAtMs: number | null;
}

export const NO_REFILL: AutoRefill = {
	isEnabled: false,
	amountMicros: 50n * MICROS_PER_DOLLAR,
	thresholdMicros: 10n * MICROS_PER_DOLLAR,
	monthlyCapMicros: null,
	state: 'armed',
	paymentId: null,
	declines: 0,
	lookAtMs: null,
	pauseReason: null,
	month: '',
	monthSpentMicros: 0n,
	lastRefillAtMs: null
};

/** Declines in a row after which only a person goes on: with the waits between, four in 24 hours. */
export const DECLINES_MAX = 4;
const BACKOFF_MS = 3_600_000;
/** After a refill nothing is claimed for this long. */
const COOLDOWN_MS = 60_000;
/** An attempt nobody heard of for this long is asked about. */
export const CHARGE_PATIENCE_MS = 60_000;
const CAP_LOOK_MS = 3_600_000;
/** The most one charge may be, whatever the gap. */
const CHARGE_MAX_MICROS = 1_000n * MICROS_PER_DOLLAR;

/** What is there for new calls: held dollars and debt are not. */
function availableMicros(credit: Credit): bigint {
	return spendableMicros(credit) - credit.debtMicros;
}

/** @param isCallShort a call was refused for want of dollars, however full the wallet looks */
function isNeeded(refill: AutoRefill, credit: Credit, isCallShort: boolean): boolean {
	if (!refill.isEnabled || credit.mode === 'minutes') return false;
	return isCallShort || availableMicros(credit) < refill.thresholdMicros;
}

/**
 * Opens the claim when the balance has fallen under the threshold.
 * @returns null when there is nothing to claim, or one is open
 */
export function claimRefill(
	refill: AutoRefill,
	credit: Credit,
	isCallShort: boolean,
	nowMs: number
): AutoRefill | null {
	if (refill.state !== 'armed' || !isNeeded(refill, credit, isCallShort)) return null;
	return { ...refill, state: 'claimed', lookAtMs: nowMs, pauseReason: null };
}

/** Whole steps of the amount that bring the balance back to the threshold, live holds and debt counted. */
export function refillMicros(refill: RefillSettings, credit: Credit): bigint {
	const gap = refill.thresholdMicros - availableMicros(credit);
	const steps = gap > 0n ? (gap + refill.amountMicros - 1n) / refill.amountMicros : 1n;
	return atMost(refill.amountMicros, steps, CHARGE_MAX_MICROS);
}

function atMost(stepMicros: bigint, steps: bigint, limitMicros: bigint): bigint {
	const most = limitMicros / stepMicros;
	return (steps < most ? steps : most) * stepMicros;
}

export type NextStep =
	/** Charge this much under the new payment id. */
	| { kind: 'charge'; refill: AutoRefill; amountMicros: bigint }
	/** Find out what became of the attempt under way. */
	| { kind: 'resolve'; refill: AutoRefill; paymentId: string }
	/** Nothing more to do now. */
	| { kind: 'rest'; refill: AutoRefill };

/**
 * What is due now. Pure; called by whoever looks first, under the lock, so that one charges.
 * @param offer the id the next attempt would have, whether a card is saved, and the local month
 */
export function stepRefill(
	refill: AutoRefill,
	credit: Credit,
	offer: { paymentId: string; hasCard: boolean; month: string },
	nowMs: number
): NextStep {
	if (refill.lookAtMs === null || refill.lookAtMs > nowMs) return { kind: 'rest', refill };
	switch (refill.state) {
		case 'armed':
			return { kind: 'rest', refill: { ...refill, lookAtMs: null } };
		case 'settled':
			return { kind: 'rest', refill: arm(refill) };
		case 'paused':
			return { kind: 'rest', refill: nextMonth(refill, offer.month, nowMs) };
		case 'charging':
		case 'unknown':
			return {
				kind: 'resolve',
				refill: { ...refill, lookAtMs: nowMs + CHARGE_PATIENCE_MS },
				paymentId: refill.paymentId ?? offer.paymentId
			};
		case 'claimed':
		case 'backoff':
			return beginCharge(refill, credit, offer, nowMs);
	}
}

function beginCharge(
	refill: AutoRefill,
	credit: Credit,
	offer: { paymentId: string; hasCard: boolean; month: string },
	nowMs: number
): NextStep {
	const isClaim = refill.state === 'claimed';
	if (!isNeeded(refill, credit, isClaim)) return { kind: 'rest', refill: arm(refill) };
	if (!offer.hasCard) return { kind: 'rest', refill: pause(refill, 'no_card') };
	const spent = refill.month === offer.month ? refill.monthSpentMicros : 0n;
	const current = { ...refill, month: offer.month, monthSpentMicros: spent };
	const left = refill.monthlyCapMicros === null ? null : refill.monthlyCapMicros - spent;
	const wanted = refillMicros(refill, credit);
	const amountMicros =
		left === null ? wanted : atMost(refill.amountMicros, wanted / refill.amountMicros, left);
	if (amountMicros <= 0n) {
		return {
			kind: 'rest',
			refill: { ...pause(current, 'monthly_cap'), lookAtMs: nowMs + CAP_LOOK_MS }
		};
	}
	return {
		kind: 'charge',
		refill: {
			...current,
			state: 'charging',
			paymentId: offer.paymentId,
			pauseReason: null,
			lookAtMs: nowMs + CHARGE_PATIENCE_MS
		},
		amountMicros
	};
}

/** A month is over: the cap is fresh. */
function nextMonth(refill: AutoRefill, month: string, nowMs: number): AutoRefill {
	if (refill.pauseReason !== 'monthly_cap') return { ...refill, lookAtMs: null };
	if (refill.month === month) return { ...refill, lookAtMs: nowMs + CAP_LOOK_MS };
	return arm(refill);
}

/** Ready for the next fall; declines are forgotten. */
export function arm(refill: AutoRefill): AutoRefill {
	return { ...refill, state: 'armed', declines: 0, lookAtMs: null, pauseReason: null };
}

/** Stops until a person goes on. */
export function pause(refill: AutoRefill, pauseReason: PauseReason): AutoRefill {
	return { ...refill, state: 'paused', pauseReason, lookAtMs: null };
}

/** The attempt came through; late or not, its money counts for the month it arrived in. */
export function settleRefill(
	refill: AutoRefill,
	paid: { paymentId: string; amountMicros: bigint; month: string },
	nowMs: number
): AutoRefill {
	const spent = refill.month === paid.month ? refill.monthSpentMicros : 0n;
	const counted = {
		...refill,
		month: paid.month,
		monthSpentMicros: spent + paid.amountMicros,
		lastRefillAtMs: nowMs
	};
	if (refill.paymentId !== paid.paymentId) return counted;
	return {
		...counted,
		state: 'settled',
		declines: 0,
		pauseReason: null,
		lookAtMs: nowMs + COOLDOWN_MS
	};
}

/** What the bank or Stripe said to a charge that did not come through. */
export type ChargeFailure =
	/** The bank said no. */
	| { kind: 'declined'; code: string; declineCode: string | null; mayRetry: boolean }
	/** The holder must be there to confirm. */
	| { kind: 'authentication_required'; code: string }
	/** Stripe could not use what is saved: the card or the customer is gone. */
	| { kind: 'card_refused'; code: string }
	/** Known not to have charged, by no fault of the card. */
	| { kind: 'outage'; code: string }
	/** Nobody knows. */
	| { kind: 'unknown'; code: string };

/**
 * The machine after a charge that failed. Only the attempt under way counts; what comes twice or late
 * changes nothing.
 */
export function failRefill(
	refill: AutoRefill,
	paymentId: string,
	failure: ChargeFailure,
	nowMs: number
): AutoRefill {
	const isUnderWay = refill.state === 'charging' || refill.state === 'unknown';
	if (refill.paymentId !== paymentId || !isUnderWay) return refill;
	switch (failure.kind) {
		case 'unknown':
			return { ...refill, state: 'unknown', lookAtMs: nowMs + CHARGE_PATIENCE_MS };
		case 'outage':
			return { ...refill, state: 'backoff', lookAtMs: nowMs + CHARGE_PATIENCE_MS };
		case 'card_refused':
		case 'authentication_required':
			return { ...pause(refill, failure.kind), declines: refill.declines + 1 };
		case 'declined': {
			const declines = refill.declines + 1;
			if (!failure.mayRetry) return { ...pause(refill, 'card_refused'), declines };
			if (declines >= DECLINES_MAX) return { ...pause(refill, 'declined'), declines };
			const waitMs = BACKOFF_MS * 2 ** (declines - 1);
			return { ...refill, state: 'backoff', declines, lookAtMs: nowMs + waitMs };
		}
	}
}

/** New settings. A claim that nobody has charged yet is dropped when switched off; declines are kept. */
export function changeRefillSettings(refill: AutoRefill, settings: RefillSettings): AutoRefill {
	const changed = { ...refill, ...settings };
	if (!settings.isEnabled && refill.state === 'claimed') return arm(changed);
	if (refill.pauseReason === 'monthly_cap' && !isSameCap(refill, settings)) return arm(changed);
	return changed;
}

function isSameCap(before: RefillSettings, after: RefillSettings): boolean {
	return (
		before.monthlyCapMicros === after.monthlyCapMicros && before.amountMicros === after.amountMicros
	);
}

/**
 * A person saw to the card, or added funds: goes on from a pause or a wait, and a claim that nobody has
 * charged yet is looked at anew.
 */
export function resumeRefill(refill: AutoRefill): AutoRefill {
	const isStopped = ['paused', 'backoff', 'claimed'].includes(refill.state);
	return isStopped && refill.pauseReason !== 'monthly_cap' ? arm(refill) : refill;
}
