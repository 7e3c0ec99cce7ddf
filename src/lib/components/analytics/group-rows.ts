import type { CallGroupView, TopNumberView } from '$lib/views';
import { endReasonWords } from '../format/calls';
import { countryName } from '../format/country';
import { formatDuration, formatMoney } from '../format/numbers';
import { formatPhone } from '../format/phone';
import type { Filters } from './history-links';

/** A row of a breakdown, and the calls behind it. */
export interface GroupRow {
	key: string;
	name: string;
	calls: number;
	second: string;
	third: string;
	href: string;
}

type HrefOf = (filters: Filters) => string;

const ROWS_MAX = 10;
const PROVIDERS: Record<string, string> = { twilio: 'Twilio', exotel: 'Exotel', bolna: 'Bolna' };

export function countryRows(groups: CallGroupView[], hrefOf: HrefOf): GroupRow[] {
	return rowsOf(groups, countryName, (country) => hrefOf({ country }));
}

export function agentRows(groups: CallGroupView[], hrefOf: HrefOf): GroupRow[] {
	return groups.slice(0, ROWS_MAX).map((group) => ({
		...figuresOf(group),
		name: group.key === '' ? 'A program' : (group.name ?? 'Someone who left'),
		href: hrefOf({ user_id: group.key || 'none' })
	}));
}

export function providerRows(groups: CallGroupView[], hrefOf: HrefOf): GroupRow[] {
	return rowsOf(
		groups,
		(key) => PROVIDERS[key] ?? key,
		(provider) => hrefOf({ provider })
	);
}

/** Reasons have no success of their own: their share of all ended calls stands there. */
export function endReasonRows(groups: CallGroupView[], hrefOf: HrefOf): GroupRow[] {
	const all = groups.reduce((sum, { calls }) => sum + calls, 0);
	return groups.slice(0, ROWS_MAX).map((group) => ({
		...figuresOf(group),
		name: endReasonWords(group.key),
		second: `${Math.round((group.calls / all) * 1000) / 10}%`,
		href: hrefOf({ end_reason: group.key })
	}));
}

export function numberRows(numbers: TopNumberView[], hrefOf: HrefOf): GroupRow[] {
	return numbers.map(({ number, count, cost, country }) => ({
		key: number,
		name: formatPhone(number),
		calls: count,
		second: countryName(country),
		third: formatMoney(cost),
		href: hrefOf({ search: number })
	}));
}

function rowsOf(
	groups: CallGroupView[],
	nameOf: (key: string) => string,
	hrefOfKey: (key: string) => string
): GroupRow[] {
	return groups.slice(0, ROWS_MAX).map((group) => ({
		...figuresOf(group),
		name: nameOf(group.key),
		href: hrefOfKey(group.key)
	}));
}

function figuresOf({ key, calls, successRate, talkSeconds }: CallGroupView) {
	return {
		key,
		calls,
		second: successRate === null ? '–' : `${successRate}%`,
		third: formatDuration(talkSeconds)
	};
}
