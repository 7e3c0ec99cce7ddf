/** Twilio's error codes as people are told them, and whether asking again can help (PROVIDERS.md 1.9). */
export interface Refusal {
	endReason: string;
	message: string;
	/** The same request may go through a little later: nothing has to be changed first. */
	isRetryable: boolean;
}

const notPlaced = (endReason: string, why: string, isRetryable = false): Refusal => ({
	endReason,
	message: `The call was not placed. ${why}`,
	isRetryable
});

const CALLER_ID = notPlaced(
	'caller_id_refused',
	'The caller id is not one Twilio lets us use; tell your administrator.'
);
const INVALID_NUMBER = notPlaced(
	'invalid_number',
	'Twilio says this is not a valid phone number; check it.'
);
const COUNTRY = notPlaced(
	'country_not_enabled',
	'Calls to this country are not enabled at Twilio; tell your administrator.'
);

const REFUSALS: Record<number, Refusal> = {
	10001: notPlaced(
		'provider_account_inactive',
		'The Twilio account is not active; tell your administrator.'
	),
	10004: notPlaced(
		'provider_busy',
		'Twilio carries as many calls for us as it may; try again when one has ended.',
		true
	),
	13214: CALLER_ID,
	// Also said when no carrier could deliver, as in an outage: the number may be good tomorrow.
	13224: notPlaced(
		'invalid_number',
		'Twilio could not reach this number. Check it; if it is right, try again later.'
	),
	13227: COUNTRY,
	20003: notPlaced(
		'provider_credentials',
		"Twilio refused Talktime's credentials; tell your administrator."
	),
	20429: notPlaced(
		'provider_busy',
		'Twilio has too many requests right now; try again in a moment.',
		true
	),
	21202: notPlaced('number_blocked', 'Twilio does not call premium or service numbers.'),
	21210: CALLER_ID,
	21211: INVALID_NUMBER,
	21212: CALLER_ID,
	21214: notPlaced('unreachable_number', 'Twilio has no route to this number; check it.'),
	21215: COUNTRY,
	21216: notPlaced('number_blocked', 'Twilio does not call this number.'),
	21217: INVALID_NUMBER,
	21219: notPlaced(
		'number_not_verified',
		'A Twilio trial account calls only numbers it has verified; tell your administrator.'
	),
	32205: COUNTRY
};

/**
 * @param code Twilio's error code, 0 when it gave none
 * @param httpStatus of its answer, for a code we do not know
 */
export function refusalOf(code: number, httpStatus: number): Refusal {
	return (
		REFUSALS[code] ??
		notPlaced('provider_refused', `Twilio refused it (error ${code || httpStatus}).`)
	);
}

/** Why a call failed, from the error code a callback may carry; null when it says nothing we know. */
export function endReasonOfError(code: string | undefined): string | null {
	return REFUSALS[Number(code)]?.endReason ?? null;
}
