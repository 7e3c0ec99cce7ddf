import type { ExotelConfig } from '../../config';
import { openHttp, type HttpAnswer, type HttpClient } from '../http';

/** Exotel's REST API (PROVIDERS.md 2.1, 2.5). Paths are below the account. */
export interface ExotelClient {
	connect(form: Record<string, string>): Promise<HttpAnswer>;
	fetchCall(providerCallId: string): Promise<HttpAnswer>;
	/** @param page where Exotel says the next page is; null: the first one */
	listCalls(query: Record<string, string>, page: string | null): Promise<HttpAnswer>;
}

export function openExotel(config: ExotelConfig, timeoutMs: number): ExotelClient {
	const credentials = Buffer.from(`${config.apiKey}:${config.apiToken}`).toString('base64');
	const http: HttpClient = openHttp({
		name: 'Exotel',
		baseUrl: config.apiBaseUrl,
		authorization: `Basic ${credentials}`,
		timeoutMs
	});
	const account = `/v1/Accounts/${config.accountSid}`;
	return {
		connect: (form) => http.request('POST', `${account}/Calls/connect.json`, { form }),
		fetchCall: (providerCallId) =>
			http.request('GET', `${account}/Calls/${encodeURIComponent(providerCallId)}.json`, {
				query: { details: 'true' }
			}),
		listCalls: (query, page) => http.request('GET', ...pageOf(`${account}/Calls`, query, page))
	};
}

/** Of the next page's address only the query is believed: it cannot lead us to another host or account. */
function pageOf(
	calls: string,
	query: Record<string, string>,
	page: string | null
): [string, { query: Record<string, string> }] {
	const next = page === null ? query : Object.fromEntries(new URLSearchParams(page.split('?')[1]));
	return [`${calls}.json`, { query: next }];
}
