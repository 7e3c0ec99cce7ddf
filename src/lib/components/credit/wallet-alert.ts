/** The one thing about credit that everybody of an organisation should know on whatever page they are. */
import type { AutoRefillView, CreditsView, MinutesView } from '$lib/views';
import { formatMoney, plural } from '../format/numbers';
import { callableMinutes, isMoney, LOW_MINUTES } from './tone';

export interface WalletAlert {
	/** The higher the worse: what was put away comes back when it gets worse. */
	level: number;
	tone: 'attention' | 'stop';
	title: string;
	text: string;
	/** It is about auto-refill alone. */
	isOfRefill: boolean;
}

/** The worst of what there is to say; null when all is well. */
export function walletAlert(minutes: MinutesView, credits: CreditsView): WalletAlert | null {
	const { autoRefill } = credits;
	if (isMoney(credits.debtAmount)) {
		return {
			level: 70,
			tone: 'stop',
			title: `${formatMoney(credits.debtAmount)} is owed`,
			text: 'More was used or taken back than the wallet had. What is added next pays it first.',
			isOfRefill: false
		};
	}
	if (credits.billingMode === 'minutes') return null;
	const paused = autoRefill.isEnabled && autoRefill.state === 'paused';
	if (callableMinutes(minutes, credits) <= 0) {
		return {
			level: 60,
			tone: 'stop',
			title: 'No credit is left',
			text: `New calls are refused until funds are added.${paused ? ' Auto-refill is paused.' : ''}`,
			isOfRefill: false
		};
	}
	return refillAlert(autoRefill) ?? lowAlert(minutes, credits);
}

function refillAlert(refill: AutoRefillView): WalletAlert | null {
	if (!refill.isEnabled) return null;
	if (refill.state === 'backoff' && refill.declines > 0) {
		return {
			level: 20 + refill.declines,
			tone: 'attention',
			title: 'Auto-refill failed',
			text: `The card was declined ${plural(refill.declines, 'time')}. It is tried again by itself, four times at most.`,
			isOfRefill: true
		};
	}
	if (refill.state !== 'paused') return null;
	if (refill.pauseReason === 'monthly_cap') {
		return {
			level: 20,
			tone: 'attention',
			title: 'Auto-refill reached its monthly cap',
			text: 'It goes on next month, or when the cap is raised.',
			isOfRefill: true
		};
	}
	return {
		level: 40,
		tone: 'stop',
		title: 'Auto-refill is paused',
		text:
			refill.pauseReason === 'authentication_required'
				? 'The bank wants a person to confirm the charge. Calls stop when the balance is used up.'
				: 'The saved card could not be charged. Calls stop when the balance is used up.',
		isOfRefill: true
	};
}

/** Where minutes pay first, the wallet is low only once they are, too. */
function lowAlert(minutes: MinutesView, credits: CreditsView): WalletAlert | null {
	const hasMinutes =
		credits.billingMode === 'minutes_then_wallet' && minutes.remainingMinutes >= LOW_MINUTES;
	if (credits.status !== 'LOW' || hasMinutes) return null;
	return {
		level: 10,
		tone: 'attention',
		title: 'Credit is low',
		text: `About ${plural(callableMinutes(minutes, credits), 'minute')} of talk ${callableMinutes(minutes, credits) === 1 ? 'is' : 'are'} left, with ${formatMoney(credits.spendable)} in the wallet.`,
		isOfRefill: false
	};
}
