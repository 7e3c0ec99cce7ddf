/** Where Twilio posts what concerns one call. The fragment is its retry policy: neither sent nor signed. */
const RETRIES = '#rc=3&rp=all';

export interface CallUrls {
	status: string;
	dialled: string;
	recording: string;
	machine: string;
}

/** @param origin public base URL, without a trailing slash */
export function urlsOf(origin: string, callId: string): CallUrls {
	const to = (door: string) => `${origin}/api/twilio/${door}?call=${callId}${RETRIES}`;
	return {
		status: to('status'),
		dialled: to('dialled'),
		recording: to('recording'),
		machine: to('amd')
	};
}
