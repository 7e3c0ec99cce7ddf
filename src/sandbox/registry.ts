import type { ProviderRegistration } from './provider';
import { twilioRegistration } from './twilio';

/** Every provider the sandbox speaks: one folder and one line each. */
export const PROVIDERS: readonly ProviderRegistration[] = [twilioRegistration];
