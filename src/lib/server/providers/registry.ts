import type { Provider } from '$lib/domain/call/event';
import type { Config } from '../config';
import { createBolnaAdapter } from './bolna/adapter';
import { createExotelAdapter } from './exotel/adapter';
import { createTwilioAdapter } from './twilio/adapter';
import type { ProviderAdapter } from './types';

export type ProviderRegistry = Partial<Record<Provider, ProviderAdapter>>;

/** The providers that are configured. A new one is a folder and a line here. */
export function createProviders(config: Config): ProviderRegistry {
	return {
		...(config.twilio && {
			twilio: createTwilioAdapter(config.twilio, config.origin, config.providerTimeoutMs)
		}),
		...(config.exotel && {
			exotel: createExotelAdapter(config.exotel, config.origin, config.providerTimeoutMs)
		}),
		...(config.bolna && { bolna: createBolnaAdapter(config.bolna, config.providerTimeoutMs) })
	};
}
