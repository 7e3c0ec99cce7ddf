import type { Payer } from '$lib/domain/credit/availability';
import { assertNever } from '$lib/domain/assert-never';

/** What pays a call first, in a word. */
export function payerWords(payer: Payer | null): string {
	switch (payer) {
		case 'minutes':
			return 'Minutes';
		case 'wallet':
			return 'Wallet';
		case 'overdraft':
			return 'Overdraft';
		case null:
			return 'Nothing left';
		default:
			return assertNever(payer);
	}
}
