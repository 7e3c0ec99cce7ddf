import { hrefOf } from '../frame/href';

export const HISTORY_PATH = '/dashboard/call-history';

/** Parameters that say which period is shown; the rest say which of its calls. */
export const PERIOD_PARAMETERS = ['span', 'days', 'from', 'to'] as const;
export const FILTER_PARAMETERS = [
	'status',
	'end_reason',
	'provider',
	'user_id',
	'country',
	'day',
	'weekday',
	'hour',
	'search'
] as const;

export type FilterParameter = (typeof FILTER_PARAMETERS)[number];
export type Filters = Partial<Record<FilterParameter, string>>;

/** The filters in an address. */
export function readFilters(search: URLSearchParams): Filters {
	return Object.fromEntries(
		FILTER_PARAMETERS.flatMap((name) => {
			const value = search.get(name);
			return value ? [[name, value]] : [];
		})
	);
}

/** The same period and organization with other filters in place of all there are. */
export function hrefWithFilters(search: URLSearchParams, filters: Filters): string {
	const kept = ['organization_id', ...PERIOD_PARAMETERS].map((name) => [name, search.get(name)]);
	return hrefOf(HISTORY_PATH, { ...Object.fromEntries(kept), ...filters });
}

/** The calls behind a figure, a bar or a row. */
export function hrefOfCalls(search: URLSearchParams, filters: Filters): string {
	return `${hrefWithFilters(search, filters)}#calls`;
}

/** Another period with the filters that any period knows. */
export function hrefWithPeriod(
	search: URLSearchParams,
	period: Partial<Record<(typeof PERIOD_PARAMETERS)[number], string>>
): string {
	const { day: _day, ...filters } = readFilters(search);
	return hrefOf(HISTORY_PATH, {
		organization_id: search.get('organization_id'),
		...period,
		...filters
	});
}
