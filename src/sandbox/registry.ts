import { bolnaRegistration } from './bolna';
import type { ProviderRegistration } from './provider';
import { exotelRegistration } from './exotel';
import { stripeRegistration } from './stripe';
import { twilioRegistration } from './twilio';

/** Every provider the sandbox speaks: one folder and one line each. */
export const PROVIDERS: readonly ProviderRegistration[] = [
	twilioRegistration,
	exotelRegistration,
	stripeRegistration
];
