/**
 * A verified delivery on its way through the lane. One path for all three occasions: when it comes in,
 * when the worker tries again, and when a person replays it. Told in one line of the log each time.
 */
import type { CallEvent } from '$lib/domain/call/event';
import { redactSecrets, type JsonObject } from '$lib/domain/deliveries/redact';
import type { AnotherTurn, Results } from '$lib/domain/lane/commands';
import { maskPhone } from '$lib/domain/phone';
import type { Services } from '../services';

export interface VerifiedDelivery {
	deliveryId: string;
	dedupeKey: string;
	body: JsonObject;
	event: CallEvent;
	again?: AnotherTurn;
}

/** @throws LaneUnavailable when it could not be stored */
export async function applyVerified(
	services: Services,
	delivery: VerifiedDelivery
): Promise<Results['apply_delivery']> {
	const { body, event, again } = delivery;
	const result = await services.lane.submit({
		kind: 'apply_delivery',
		...delivery,
		body: redactSecrets(body)
	});
	services.log.info(
		{
			provider: event.provider,
			call: result.callId,
			providerCall: event.providerCallId,
			raw: event.rawStatus,
			status: event.status,
			talkSeconds: event.talkSeconds,
			...costOf(event),
			to: maskPhone(typeof body.To === 'string' ? body.To : ''),
			outcome: result.kind,
			note: result.note ?? undefined,
			again: again?.kind
		},
		'delivery'
	);
	return result;
}

/** What the provider charges us, for the call and for each started minute of it. */
function costOf({ facts, talkSeconds }: CallEvent): { cost?: string; costPerMinute?: string } {
	if (!facts.cost) return {};
	const { amount, currency } = facts.cost;
	const minutes = Math.ceil((talkSeconds ?? 0) / 60);
	const perMinute =
		minutes > 0 ? `${(Number(amount) / minutes).toFixed(6)} ${currency}` : undefined;
	return { cost: `${amount} ${currency}`, ...(perMinute && { costPerMinute: perMinute }) };
}
