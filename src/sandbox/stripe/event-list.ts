import { toListPage } from './lists';
import type { Params } from './params';
import type { StripeRoom } from './room';

function matches(type: string, wanted: readonly string[]): boolean {
	if (wanted.length === 0) return true;
	return wanted.some((one) =>
		one.endsWith('*') ? type.startsWith(one.slice(0, -1)) : type === one
	);
}

/** GET /v1/events. `delivery_success=false` gives events that are pending or could not be delivered. */
export function listEvents(room: StripeRoom, params: Params): object {
	const type = params.text('type');
	const wanted = type === null ? params.texts('types') : [type];
	const isDelivered = params.has('delivery_success') ? params.flag('delivery_success') : null;
	const events = room.events
		.newestFirst()
		.filter(({ delivery }) => isDelivered === null || (delivery === 'delivered') === isDelivered)
		.map(({ event }) => event)
		.filter((event) => matches(event.type, wanted));
	return toListPage('/v1/events', events, params);
}
