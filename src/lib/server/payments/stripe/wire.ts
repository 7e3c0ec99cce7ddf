/**
 * Stripe's objects as far as we read them (PROVIDERS.md 4.2 to 4.5). Amounts are whole cents. Fields may be
 * added at any time and enums may grow, so words are text.
 */
import { z } from 'zod';

const CENTS_MAX = 99_999_999;
const cents = z.number().int().min(0).max(CENTS_MAX);
const id = z.string().min(1).max(255);
/** An id, or the object itself where it was expanded. */
const reference = z
	.union([id, z.looseObject({ id }).transform((object) => object.id)])
	.nullish()
	.transform((value) => value ?? null);
const metadata = z
	.record(z.string(), z.string())
	.nullish()
	.transform((value) => value ?? {});

export const Event = z.looseObject({
	id,
	object: z.literal('event'),
	type: z.string().min(1).max(120),
	created: z.number().int().min(0),
	livemode: z.boolean(),
	data: z.looseObject({ object: z.record(z.string(), z.unknown()) })
});
export type Event = z.infer<typeof Event>;

export const Session = z.looseObject({
	id,
	mode: z.string(),
	status: z.string().nullish(),
	payment_status: z.string(),
	amount_total: cents.nullish(),
	currency: z.string().nullish(),
	livemode: z.boolean(),
	customer: reference,
	payment_intent: reference,
	client_reference_id: z.string().nullish(),
	metadata
});
export type Session = z.infer<typeof Session>;

const PaymentError = z.looseObject({
	code: z.string().nullish(),
	decline_code: z.string().nullish(),
	advice_code: z.string().nullish(),
	message: z.string().nullish()
});
export type PaymentError = z.infer<typeof PaymentError>;

export const PaymentIntent = z.looseObject({
	id,
	status: z.string(),
	amount: cents,
	amount_received: cents.default(0),
	currency: z.string(),
	livemode: z.boolean(),
	customer: reference,
	metadata,
	last_payment_error: PaymentError.nullish()
});
export type PaymentIntent = z.infer<typeof PaymentIntent>;

export const Charge = z.looseObject({
	id,
	amount_refunded: cents,
	payment_intent: reference,
	receipt_url: z.string().nullish()
});

export const Refund = z.looseObject({ id, payment_intent: reference });

export const Dispute = z.looseObject({
	id: id.nullish(),
	amount: cents,
	status: z.string(),
	payment_intent: reference
});

export const OfCustomer = z.looseObject({ id, customer: reference });

export const PaymentMethod = z.looseObject({
	id,
	created: z.number(),
	card: z
		.looseObject({
			brand: z.string(),
			last4: z.string(),
			exp_month: z.number().int(),
			exp_year: z.number().int()
		})
		.nullish()
});
