import { CALL_STATUSES } from '$lib/domain/call/status';
import type { AnalyticsBreakdownsView, AnalyticsView } from '$lib/views';
import { endReasonWords, statusWord } from '../format/calls';
import { countryName } from '../format/country';
import { formatWholeDay, weekdayName } from '../format/days';
import { FILTER_PARAMETERS, type FilterParameter, type Filters } from './history-links';

interface Choice {
	name: FilterParameter;
	label: string;
	options: { value: string; label: string }[];
}

const PROVIDERS: Record<string, string> = { twilio: 'Twilio', exotel: 'Exotel', bolna: 'Bolna' };

/** The lists to choose from: what there is in the period. */
export function filterChoices(
	analytics: AnalyticsView,
	{ agents, providers, endReasons }: AnalyticsBreakdownsView
): Choice[] {
	const choice = (
		name: FilterParameter,
		label: string,
		every: string,
		options: Choice['options']
	) => ({
		name,
		label,
		options: [{ value: '', label: every }, ...options]
	});
	return [
		choice(
			'status',
			'Status',
			'Any status',
			CALL_STATUSES.map((status) => ({ value: status, label: statusWord(status) }))
		),
		choice(
			'end_reason',
			'End reason',
			'Any end reason',
			endReasons.map(({ key }) => ({ value: key, label: endReasonWords(key) }))
		),
		choice(
			'user_id',
			'Agent',
			'Everyone',
			agents.map(({ key, name }) => ({ value: key || 'none', label: agentName(key, name) }))
		),
		choice(
			'country',
			'Country',
			'Any country',
			analytics.countries.map(({ key }) => ({ value: key, label: countryName(key) }))
		),
		choice(
			'provider',
			'Provider',
			'Any provider',
			providers.map(({ key }) => ({ value: key, label: PROVIDERS[key] ?? key }))
		)
	];
}

/** The filters in force, in words. */
export function filterWords(
	filters: Filters,
	{ agents }: Pick<AnalyticsBreakdownsView, 'agents'>
): { name: FilterParameter; words: string }[] {
	const agent = agents.find(({ key }) => (key || 'none') === filters.user_id);
	const words: Record<FilterParameter, (value: string) => string> = {
		status: (value) => statusWord(CALL_STATUSES.find((status) => status === value) ?? 'initiated'),
		end_reason: endReasonWords,
		provider: (value) => PROVIDERS[value] ?? value,
		user_id: (value) => `By ${agentName(value === 'none' ? '' : value, agent?.name ?? null)}`,
		country: countryName,
		day: formatWholeDay,
		weekday: (value) => `${weekdayName(Number(value))}s`,
		hour: (value) => `${value.padStart(2, '0')}:00–${value.padStart(2, '0')}:59`,
		search: (value) => `“${value}”`
	};
	return FILTER_PARAMETERS.flatMap((name) => {
		const value = filters[name];
		return value ? [{ name, words: words[name](value) }] : [];
	});
}

function agentName(key: string, name: string | null): string {
	return key === '' ? 'A program' : (name ?? 'Someone who left');
}
