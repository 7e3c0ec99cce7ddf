import type { BolnaConfig } from '../../config';
import { isLetIn, type Claim } from '../keyed';

/**
 * Whether a request may speak for Bolna, which signs nothing (PROVIDERS.md 3.4): it has the secret of the
 * agent's webhook address, and comes from an address that is allowed.
 */
export function isFromBolna(config: BolnaConfig, claim: Claim): boolean {
	return isLetIn(config.webhook, claim);
}
