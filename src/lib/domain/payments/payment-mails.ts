import { formatMicros } from '../money';
import type { AutoRefill, ChargeFailure } from './auto-refill';

export interface MailText {
	subject: string;
	text: string;
}

const CAUSES: Record<ChargeFailure['kind'], string> = {
	declined: 'Your bank declined the charge.',
	authentication_required: 'Your bank wants you to confirm the charge yourself.',
	card_refused: 'The saved card cannot be charged any more.',
	outage: '',
	unknown: ''
};

/**
 * The mail of the first failure in a row: silence would be a balance that drains (LESSONS.md 2.7).
 * @returns null when this failure is not told: a later one, or one that is no fault of the card
 */
export function refillFailureMail(
	organizationName: string,
	before: AutoRefill,
	after: AutoRefill,
	failure: ChargeFailure,
	amountMicros: bigint
): MailText | null {
	if (before.declines > 0 || after.declines === 0) return null;
	const next =
		after.state === 'paused'
			? 'Auto-refill is paused until you add funds or resume it.'
			: 'We try again, each time after a longer wait, and stop after four declines.';
	return {
		subject: `Auto-refill of ${organizationName} failed`,
		text: [
			`Auto-refill could not add $${formatMicros(amountMicros)} to the wallet of ${organizationName}.`,
			CAUSES[failure.kind],
			next,
			'Calls stop when the balance is used up. Open Settings, Billing to add funds or change the card.'
		].join('\n\n')
	};
}

export function monthlyCapMail(organizationName: string, refill: AutoRefill): MailText {
	return {
		subject: `Auto-refill of ${organizationName} reached its monthly cap`,
		text: [
			`Auto-refill added $${formatMicros(refill.monthSpentMicros)} this month; another refill would go over the cap of $${formatMicros(refill.monthlyCapMicros ?? 0n)}.`,
			'It goes on next month. Open Settings, Billing to raise the cap or to add funds.'
		].join('\n\n')
	};
}

/** To whoever runs the platform: money came that nobody ordered so, and is credited to no one. */
export function mismatchMail(organizationName: string, reason: string): MailText {
	return {
		subject: `A payment of ${organizationName} is not what was ordered`,
		text: [
			`Stripe told of a payment of ${organizationName} that is not what was ordered, so nothing was credited.`,
			reason,
			'Compare the payment at Stripe with the order, then refund it there, or adjust the wallet by hand.'
		].join('\n\n')
	};
}
