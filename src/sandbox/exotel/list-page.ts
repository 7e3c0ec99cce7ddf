import type { ExotelCall } from './call';
import { ExotelError } from './errors';
import { toIst, toRestCall } from './wire';

const USUAL_PAGE_SIZE = 50;
const LARGEST_PAGE_SIZE = 100;
const MOST_SIDS = 100;

/** `gte:2019-01-01 00:00:00;lte:…`, Indian time. Throws 400 when it is not understood. */
function isWithin(text: string, filter: string | null): boolean {
	if (filter === null) return true;
	return filter.split(';').every((part) => {
		const [, word, bound = ''] = /^(gte|gt|lte|lt|eq):(.+)$/.exec(part) ?? [];
		switch (word) {
			case 'gte':
				return text >= bound;
			case 'gt':
				return text > bound;
			case 'lte':
				return text <= bound;
			case 'lt':
				return text < bound;
			case 'eq':
				return text === bound;
			default:
				throw new ExotelError(400, 'Invalid Parameter : DateCreated');
		}
	});
}

function isListed(value: string, filter: string | null): boolean {
	return filter === null || filter.split(',').includes(value);
}

function matches(call: ExotelCall, query: URLSearchParams): boolean {
	return (
		isListed(call.id, query.get('Sid')) &&
		isListed(call.parameters.to, query.get('To')) &&
		isListed(call.parameters.from, query.get('From')) &&
		isListed(call.parameters.callerId, query.get('PhoneNumber')) &&
		isListed(call.status, query.get('Status')) &&
		isListed('outbound-api', query.get('Direction')) &&
		isWithin(toIst(call.createdAt), query.get('DateCreated'))
	);
}

function readPageSize(query: URLSearchParams): number {
	const text = query.get('PageSize') ?? String(USUAL_PAGE_SIZE);
	const size = Number(text);
	if (Number.isInteger(size) && size >= 1 && size <= LARGEST_PAGE_SIZE) return size;
	throw new ExotelError(400, 'Invalid Parameter : PageSize');
}

export interface ListRequest {
	accountSid: string;
	baseUrl: string;
	query: URLSearchParams;
	/** Each page begins with the last row of the page before. */
	repeatsRows: boolean;
}

/** One page of calls (PROVIDERS.md 2.5); `After` is the cursor of the last row of the page before. */
export function toListPage(
	newestFirst: ExotelCall[],
	request: ListRequest
): Record<string, unknown> {
	const { accountSid, baseUrl, query, repeatsRows } = request;
	const pageSize = readPageSize(query);
	if ((query.get('Sid') ?? '').split(',').length > MOST_SIDS)
		throw new ExotelError(400, 'Invalid Parameter : Sid');
	const matching = newestFirst.filter((call) => matches(call, query));
	if (query.get('SortBy') === 'DateCreated:asc') matching.reverse();
	const after = query.get('After');
	const previous = after === null ? -1 : matching.findIndex(({ id }) => id === after);
	const start = previous < 0 ? 0 : repeatsRows ? previous : previous + 1;
	const end = previous < 0 ? pageSize : previous + 1 + pageSize;
	const calls = matching.slice(start, end);
	const path = `/v1/Accounts/${accountSid}/Calls.json`;
	const uri = (cursor: string | null): string => {
		const parameters = new URLSearchParams(query);
		parameters.delete('After');
		if (cursor !== null) parameters.set('After', cursor);
		return `${path}?${parameters}`;
	};
	const last = calls.at(-1);
	return {
		Metadata: {
			Total: matching.length,
			PageSize: pageSize,
			FirstPageUri: uri(null),
			PrevPageUri: null,
			NextPageUri: last !== undefined && end < matching.length ? uri(last.id) : null
		},
		Calls: calls.map((call) =>
			toRestCall(accountSid, call, baseUrl, query.get('details') === 'true')
		)
	};
}
