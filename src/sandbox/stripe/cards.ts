/**
 * Stripe's test cards (PROVIDERS.md 4.7). A card is given by its number on the payment page or by
 * its `pm_card_…` name through the API.
 */
export interface Decline {
	code: string;
	declineCode: string | null;
	message: string;
}

export type DisputeKind = 'fraudulent' | 'product_not_received' | 'inquiry';

/** When the bank of the cardholder asks for a second factor. */
export type AuthenticationRule =
	| 'never'
	/** Unless the card was set up for off-session use: then neither here nor off-session. */
	| 'unless-set-up'
	/** Always; so off-session fails. */
	| 'always'
	/** On-session only: the card counts as set up already. */
	| 'on-session';

export interface TestCard {
	/** Its PaymentMethod name at Stripe. */
	token: string;
	number: string;
	brand: string;
	country: string;
	description: string;
	/** Each charge, or each one after authentication, is declined so. */
	decline: Decline | null;
	/** False: a customer cannot keep it. */
	canBeKept: boolean;
	authentication: AuthenticationRule;
	disputes: readonly DisputeKind[];
	hasFraudWarning: boolean;
	refund: 'succeeds' | 'pending' | 'fails';
	riskLevel: 'normal' | 'elevated' | 'highest';
}

const DECLINE_MESSAGES: Record<string, string> = {
	expired_card: 'Your card has expired.',
	incorrect_cvc: "Your card's security code is incorrect.",
	processing_error: 'An error occurred while processing your card. Try again in a little bit.',
	insufficient_funds: 'Your card has insufficient funds.',
	authentication_required: 'Your card was declined. This transaction requires authentication.'
};

/** Codes that stand for themselves; every other decline is `card_declined` with a decline code. */
const CODES_OF_THEIR_OWN = new Set(['expired_card', 'incorrect_cvc', 'processing_error']);

/** The decline a word of the fault plan or of a test card means. */
export function declineFor(word: string): Decline {
	const message = DECLINE_MESSAGES[word] ?? 'Your card was declined.';
	if (CODES_OF_THEIR_OWN.has(word)) return { code: word, declineCode: null, message };
	if (word === 'authentication_required') return { code: word, declineCode: word, message };
	return { code: 'card_declined', declineCode: word, message };
}

/** What the networks advise after a decline: stolen and lost cards must not be tried again. */
export function adviceFor({ code, declineCode }: Decline): string {
	const never = ['lost_card', 'stolen_card', 'fraudulent', 'pickup_card'];
	if (never.includes(declineCode ?? '')) return 'do_not_try_again';
	const wrong = ['expired_card', 'incorrect_cvc', 'incorrect_number'];
	return wrong.includes(code) ? 'confirm_card_data' : 'try_again_later';
}

function card(
	token: string,
	number: string,
	description: string,
	changes: Partial<TestCard> = {}
): TestCard {
	return {
		token: `pm_card_${token}`,
		number,
		brand: 'visa',
		country: 'US',
		description,
		decline: null,
		canBeKept: true,
		authentication: 'never',
		disputes: [],
		hasFraudWarning: false,
		refund: 'succeeds',
		riskLevel: 'normal',
		...changes
	};
}

function declined(
	token: string,
	number: string,
	word: string,
	changes: Partial<TestCard> = {}
): TestCard {
	const description = `Declined: ${word}`;
	return card(token, number, description, {
		decline: declineFor(word),
		canBeKept: false,
		...changes
	});
}

export const TEST_CARDS: readonly TestCard[] = [
	card('visa', '4242424242424242', 'Pays'),
	card('mastercard', '5555555555554444', 'Pays', { brand: 'mastercard' }),
	card('amex', '378282246310005', 'Pays', { brand: 'amex' }),
	card('in', '4000003560000008', 'Pays; issued in India', { country: 'IN' }),
	declined('visa_chargeDeclined', '4000000000000002', 'generic_decline'),
	declined('visa_chargeDeclinedInsufficientFunds', '4000000000009995', 'insufficient_funds'),
	declined('visa_chargeDeclinedLostCard', '4000000000009987', 'lost_card'),
	declined('visa_chargeDeclinedStolenCard', '4000000000009979', 'stolen_card'),
	declined('chargeDeclinedExpiredCard', '4000000000000069', 'expired_card'),
	declined('chargeDeclinedIncorrectCvc', '4000000000000127', 'incorrect_cvc'),
	declined('chargeDeclinedProcessingError', '4000000000000119', 'processing_error'),
	declined(
		'visa_chargeDeclinedVelocityLimitExceeded',
		'4000000000006975',
		'card_velocity_exceeded'
	),
	declined('chargeCustomerFail', '4000000000000341', 'generic_decline', {
		description: 'Can be saved; every later charge is declined',
		canBeKept: true
	}),
	card(
		'authenticationRequiredOnSetup',
		'4000002500003155',
		'Asks for authentication unless saved',
		{
			authentication: 'unless-set-up'
		}
	),
	card('authenticationRequired', '4000002760003184', 'Always asks for authentication', {
		authentication: 'always'
	}),
	card('authenticationRequiredSetupForOffSession', '4000003800000446', 'Off-session always pays', {
		authentication: 'on-session'
	}),
	card(
		'authenticationRequiredChargeDeclinedInsufficientFunds',
		'4000008260003178',
		'Asks for authentication, then: insufficient_funds',
		{ authentication: 'unless-set-up', decline: declineFor('insufficient_funds') }
	),
	card('threeDSecure2Required', '4000000000003220', '3-D Secure must be completed', {
		authentication: 'always'
	}),
	declined('threeDSecureRequiredChargeDeclined', '4000008400001629', 'generic_decline', {
		description: '3-D Secure, then declined',
		authentication: 'always'
	}),
	declined('threeDSecureRequiredProcessingError', '4000008400001280', 'processing_error', {
		description: '3-D Secure cannot be looked up'
	}),
	card('createDispute', '4000000000000259', 'Pays, then disputed as fraudulent', {
		disputes: ['fraudulent']
	}),
	card('createDisputeProductNotReceived', '4000000000002685', 'Pays, then disputed: not received', {
		disputes: ['product_not_received']
	}),
	card('createDisputeInquiry', '4000000000001976', 'Pays, then an inquiry', {
		disputes: ['inquiry']
	}),
	card('createIssuerFraudRecord', '4000000000005423', 'Pays, then an early fraud warning', {
		hasFraudWarning: true
	}),
	card('createMultipleDisputes', '4000000404000079', 'Pays, then disputed twice', {
		disputes: ['fraudulent', 'product_not_received']
	}),
	card('pendingRefund', '4000000000007726', 'Pays; a refund is pending first', {
		refund: 'pending'
	}),
	card('refundFail', '4000000000005126', 'Pays; a refund fails later', { refund: 'fails' }),
	declined('radarBlock', '4100000000000019', 'fraudulent', {
		description: 'Blocked by Radar',
		riskLevel: 'highest'
	}),
	card('riskLevelElevated', '4000000000009235', 'Pays; elevated risk', { riskLevel: 'elevated' })
];

const BY_TOKEN = new Map(TEST_CARDS.map((one) => [one.token, one]));
const BY_NUMBER = new Map(TEST_CARDS.map((one) => [one.number, one]));

export function findCardByToken(token: string): TestCard | null {
	return BY_TOKEN.get(token) ?? null;
}

/** By the number as a person types it, spaces and hyphens allowed. */
export function findCardByNumber(number: string): TestCard | null {
	return BY_NUMBER.get(number.replace(/[\s-]/g, '')) ?? null;
}
