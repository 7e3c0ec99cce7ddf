import type { ProviderRegistration } from './provider';
import { stripeRegistration } from './stripe';
import { twilioRegistration } from './twilio';

/** Every provider the sandbox speaks: one folder and one line each. */
export const PROVIDERS: readonly ProviderRegistration[] = [twilioRegistration, stripeRegistration];
