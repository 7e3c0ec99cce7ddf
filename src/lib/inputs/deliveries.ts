import { z } from 'zod';
import { id, text, wholeNumber } from './parts';

const moment = (name: string) =>
	z.iso.datetime({ offset: true, error: `${name} must be an ISO date and time with its zone.` });

export const provider = z.enum(
	['twilio', 'exotel', 'bolna'],
	'provider must be twilio, exotel or bolna.'
);

export const DeliveryFilter = z.object({
	provider: z
		.enum(
			['twilio', 'exotel', 'bolna', 'stripe'],
			'provider must be twilio, exotel, bolna or stripe.'
		)
		.optional(),
	state: z
		.enum(
			['received', 'applied', 'ignored', 'unmatched', 'failed'],
			'state must be received, applied, ignored, unmatched or failed.'
		)
		.optional(),
	callId: id('callId').optional(),
	providerCallId: text('providerCallId', 1, 64).optional(),
	receivedFrom: moment('receivedFrom').optional(),
	receivedUntil: moment('receivedUntil').optional()
});
export type DeliveryFilter = z.infer<typeof DeliveryFilter>;

export const ListDeliveriesInput = DeliveryFilter.extend({ cursor: id('cursor').optional() });
export type ListDeliveriesInput = z.infer<typeof ListDeliveriesInput>;

export const DeliveryIdInput = z.object({ deliveryId: id('deliveryId') });
export type DeliveryIdInput = z.infer<typeof DeliveryIdInput>;

/** A filter that names nothing would replay everything: at least one part of it has to be given. */
export const ReplayDeliveriesInput = DeliveryFilter.extend({
	limit: wholeNumber('limit', 1, 1_000).default(100)
}).refine(
	({ limit: _limit, ...filter }) => Object.values(filter).some((part) => part !== undefined),
	{
		path: ['state'],
		message: 'Name a provider, a state, a call or a time: not everything is replayed at once.'
	}
);
export type ReplayDeliveriesInput = z.infer<typeof ReplayDeliveriesInput>;
