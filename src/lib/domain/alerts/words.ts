/** What an alert says: what is, what it means, what to do. */
import type { AlertKind } from './kinds';

export interface AlertWords {
	title: string;
	message: string;
}

type Numbers = Record<string, number | string>;

const PAUSE_REASONS: Record<string, string> = {
	refused_numbers: 'Many numbers abroad that pay whoever answers were tried within a minute.',
	spending: 'More was promised to calls within an hour than is allowed.'
};

/**
 * The words of an alert at the level it was raised at.
 * @param subject the organisation's name, or what of the platform it is about
 */
export function alertWords(
	kind: AlertKind,
	level: number,
	subject: string,
	numbers: Numbers
): AlertWords {
	switch (kind) {
		case 'low_minutes':
			return level >= 3
				? {
						title: `${subject} has no minutes left`,
						message:
							'Calls that only minutes pay for are refused until minutes are allocated. Contact sales, or allocate minutes.'
					}
				: {
						title: `${subject} has ${numbers.remainingMinutes} minutes left`,
						message: `That is ${level === 2 ? 'a tenth' : 'a fifth'} or less of the ${numbers.grantedMinutes} minutes that were allocated. Ask for more before they are used up.`
					};
		case 'low_balance':
			return level >= 2
				? {
						title: `The wallet of ${subject} is empty`,
						message:
							'Calls that the wallet pays for are refused until funds are added. A manager adds them on Billing.'
					}
				: {
						title: `The wallet of ${subject} is down to $${numbers.balance}`,
						message: `It is at or under $${numbers.lowBalance}. Add funds, or turn auto-refill on, before calls are refused.`
					};
		case 'time_to_empty':
			return {
				title: `${subject} runs out in about ${numbers.emptyInMinutes} minutes`,
				message: `${numbers.hourMinutes} minutes were used in the last hour and ${numbers.affordableMinutes} can be paid for. Add minutes or funds before calls are refused.`
			};
		case 'refill_failed':
			return level >= 2
				? {
						title: `Auto-refill of ${subject} is paused`,
						message:
							'The card could not be charged, and it is not tried again by itself. On Billing a manager adds funds or replaces the card, then resumes auto-refill.'
					}
				: {
						title: `Auto-refill of ${subject} failed`,
						message:
							'The card could not be charged; it is tried again after a wait. On Billing a manager adds funds or replaces the card.'
					};
		case 'spending_velocity':
			return {
				title: `${subject} uses more than usual`,
				message: `${numbers.hourMinutes} minutes in the last hour; a usual day has ${numbers.usualDayMinutes}. If nobody expects that, look at the live calls and switch the organization off.`
			};
		case 'calling_paused':
			return {
				title: `New calls of ${subject} are stopped`,
				message: `${PAUSE_REASONS[numbers.reason ?? ''] ?? 'The toll-fraud guard has stopped them.'} Somebody may be using a stolen session or token: look at the live calls and the last sign-ins. A super admin lets calling go on, on the page of the organization.`
			};
		case 'provider_down':
			return {
				title: `${subject} does not answer`,
				message:
					'Calls through it are refused or go through the next provider. It is tried again every half minute.'
			};
		case 'webhook_gap':
			return {
				title: `${numbers.calls} live calls were not heard of for five minutes`,
				message:
					'Their provider is asked about each. Look at Deliveries: if none comes at all, its callbacks do not reach Talktime.'
			};
	}
}
