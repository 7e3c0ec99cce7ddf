import { minutesToEmpty } from '$lib/domain/credit/burn';
import type { CreditsView, MinutesView } from '$lib/views';
import { isMoney } from '../credit/tone';
import { formatMoney, plural } from '../format/numbers';

/** Somebody who is given minutes, and how fast minutes go there. */
export interface AllocateTarget {
	minutes: MinutesView;
	credits: Pick<CreditsView, 'billingMode' | 'debtAmount'>;
	/** Used in the last hour. */
	minutesLastHour: number;
}

interface Draft {
	/** Null: nothing that can be sent yet. */
	amount: number | null;
	isSetting: boolean;
	when: 'now' | 'once' | 'monthly';
}

/** One sentence: what an allocation makes. Open debt is paid by what comes in. */
export function allocatePreview(targets: AllocateTarget[], draft: Draft): string {
	const { amount, isSetting, when } = draft;
	if (amount === null) return 'Enter an amount to see what it makes.';
	const [only, ...others] = targets;
	if (!only) return 'Choose an organization first.';
	const names =
		others.length === 0 ? only.minutes.organizationName : plural(targets.length, 'organization');
	if (when !== 'now') {
		const time = when === 'once' ? 'on that day' : 'every month';
		const verb = others.length === 0 ? 'gets' : 'get, each,';
		return `${names} ${verb} ${plural(amount, 'minute')} ${time}. You can cancel it until then.`;
	}
	if (others.length > 0) return previewOfMany(targets, amount, isSetting);
	return previewOfOne(only, amount, isSetting);
}

function previewOfOne(
	{ minutes, credits, minutesLastHour }: AllocateTarget,
	amount: number,
	isSetting: boolean
): string {
	const { organizationName: name, remainingMinutes, debtMinutes } = minutes;
	const paidDebt = isSetting
		? amount > remainingMinutes
			? debtMinutes
			: 0
		: Math.min(debtMinutes, amount);
	const left = isSetting ? amount : remainingMinutes + amount - paidDebt;
	const debt = paidDebt > 0 ? `, after ${plural(paidDebt, 'minute')} owed are paid` : '';
	const taken =
		isSetting && amount < remainingMinutes
			? `, ${plural(remainingMinutes - amount, 'minute')} fewer than now`
			: '';
	return `${name} will have ${plural(left, 'minute')}${debt}${taken}${paceWords(left, minutesLastHour)}.${dollarWords(credits, isSetting)}`;
}

/** Dollars that calls owe are paid at the price of each call, which is not known here. */
function dollarWords(
	{ billingMode, debtAmount }: AllocateTarget['credits'],
	isSetting: boolean
): string {
	if (isSetting || billingMode === 'wallet' || !isMoney(debtAmount)) return '';
	return ` What its calls owe of ${formatMoney(debtAmount)} is paid from it first, at their price.`;
}

function previewOfMany(targets: AllocateTarget[], amount: number, isSetting: boolean): string {
	const each = plural(amount, 'minute');
	if (!isSetting) {
		const all = plural(amount * targets.length, 'minute');
		return `${plural(targets.length, 'organization')} get ${each} each, ${all} in all. What they owe is paid first.`;
	}
	const losing = targets.filter(({ minutes }) => minutes.remainingMinutes > amount).length;
	const fewer =
		losing === 0
			? ''
			: ` ${losing === 1 ? 'One of them has' : `${losing} of them have`} more now and will lose the difference.`;
	return `${plural(targets.length, 'organization')} will have ${each} each.${fewer}`;
}

/** `, about 2 h 05 at today's pace` */
function paceWords(minutes: number, minutesLastHour: number): string {
	const lasting = minutesToEmpty(minutes, minutesLastHour);
	if (lasting === null || lasting <= 0) return '';
	return `, about ${lastingWords(lasting)} at today's pace`;
}

/** `25 min`, `2 h 05`, `3 days` */
export function lastingWords(minutes: number): string {
	const whole = Math.floor(minutes);
	if (whole < 60) return `${Math.max(1, whole)} min`;
	if (whole < 48 * 60) return `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, '0')}`;
	return plural(Math.floor(whole / 1_440), 'day');
}
