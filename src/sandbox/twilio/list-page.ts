import type { TwilioCall } from './call-record';
import { readCallFilter, type CallStore } from './call-store';
import { accountPath, toRestCall } from './wire';

const USUAL_PAGE_SIZE = 50;
const LARGEST_PAGE_SIZE = 1_000;

function readPositive(text: string | null, usual: number, largest: number): number {
	return text !== null && /^\d{1,7}$/.test(text) ? Math.min(Number(text), largest) : usual;
}

/** The token names the last call of the page before, so new calls do not shift the pages. */
function firstIndex(calls: TwilioCall[], query: URLSearchParams, pageSize: number): number {
	const token = query.get('PageToken');
	if (token === null) return readPositive(query.get('Page'), 0, 20_000) * pageSize;
	const previousIndex = calls.findIndex((call) => `PA${call.sid}` === token);
	return previousIndex < 0 ? calls.length : previousIndex + 1;
}

/** One page of a call list, newest first, in Twilio's envelope (PROVIDERS.md 1.4). */
export function toCallListPage(
	accountSid: string,
	store: CallStore,
	query: URLSearchParams,
	repeatsRows = false
): object {
	const pageSize = Math.max(
		1,
		readPositive(query.get('PageSize'), USUAL_PAGE_SIZE, LARGEST_PAGE_SIZE)
	);
	const page = readPositive(query.get('Page'), 0, 20_000);
	const matching = store.list(readCallFilter(query));
	const start = firstIndex(matching, query, pageSize);
	const calls = matching.slice(repeatsRows ? Math.max(0, start - 1) : start, start + pageSize);
	const last = calls.at(-1);
	const uriOfPage = (number: number, token: string | null): string => {
		const parameters = new URLSearchParams(query);
		parameters.set('PageSize', String(pageSize));
		parameters.set('Page', String(number));
		parameters.delete('PageToken');
		if (token !== null) parameters.set('PageToken', token);
		return `${accountPath(accountSid)}/Calls.json?${parameters}`;
	};
	const hasNext = last !== undefined && start + pageSize < matching.length;
	return {
		calls: calls.map((call) => toRestCall(accountSid, call)),
		page,
		page_size: pageSize,
		start: page * pageSize,
		end: page * pageSize + Math.max(0, calls.length - 1),
		uri: uriOfPage(page, query.get('PageToken')),
		first_page_uri: uriOfPage(0, null),
		next_page_uri: hasNext ? uriOfPage(page + 1, `PA${last.sid}`) : null,
		previous_page_uri: page > 0 ? uriOfPage(page - 1, null) : null
	};
}
