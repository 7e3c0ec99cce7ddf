import RequestClient from 'twilio/lib/base/RequestClient.js';
import type Response from 'twilio/lib/http/response.js';
import twilio from 'twilio';
import type { TwilioConfig } from '../../config';

const TWILIO_ORIGIN = 'https://api.twilio.com';

/** Twilio's own client, sent to another base URL when one is configured. Nothing else differs. */
class BaseUrlClient extends RequestClient {
	constructor(
		private readonly baseUrl: string | null,
		timeoutMs: number
	) {
		super({ timeout: timeoutMs, keepAlive: true, maxSockets: 20 });
		// The package's timeout is of silence: an answer that trickles in would hold its socket for ever.
		this.axios.interceptors.request.use((request) => ({
			...request,
			signal: AbortSignal.timeout(timeoutMs)
		}));
	}

	override request<Data>(options: RequestClient.RequestOptions<Data>): Promise<Response<Data>> {
		if (this.baseUrl === null) return super.request(options);
		const uri = options.uri.replace(TWILIO_ORIGIN, this.baseUrl);
		return super.request({ ...options, uri });
	}
}

export function openTwilio(config: TwilioConfig, timeoutMs: number): twilio.Twilio {
	return twilio(config.accountSid, config.authToken, {
		httpClient: new BaseUrlClient(config.apiBaseUrl, timeoutMs)
	});
}
