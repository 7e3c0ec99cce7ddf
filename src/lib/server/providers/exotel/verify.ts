import type { ExotelConfig } from '../../config';
import { isLetIn, type Claim } from '../keyed';

/**
 * Whether a request may speak for Exotel, which signs nothing (PROVIDERS.md 2.4): it has the secret we
 * put into the callback address, and comes from an address that is allowed.
 */
export function isFromExotel(config: ExotelConfig, claim: Claim): boolean {
	return isLetIn(config.webhook, claim);
}
