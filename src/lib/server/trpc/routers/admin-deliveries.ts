import { DeliveryIdInput, ListDeliveriesInput, ReplayDeliveriesInput } from '$lib/inputs';
import { getDelivery } from '../../deliveries/get-delivery';
import { listDeliveries } from '../../deliveries/list-deliveries';
import { listGaps } from '../../deliveries/list-gaps';
import { replayDeliveries, replayDelivery } from '../../deliveries/replay-deliveries';
import { allowed, router } from '../init';

export const adminDeliveriesRouter = router({
	list: allowed('deliveries.read')
		.input(ListDeliveriesInput)
		.query(({ ctx, input }) => listDeliveries({ ctx, input })),
	gaps: allowed('deliveries.read').query(({ ctx }) => listGaps({ ctx })),
	get: allowed('deliveries.read')
		.input(DeliveryIdInput)
		.query(({ ctx, input }) => getDelivery({ ctx, input })),
	replay: allowed('deliveries.replay')
		.input(DeliveryIdInput)
		.mutation(({ ctx, input }) => replayDelivery({ ctx, input })),
	replayMany: allowed('deliveries.replay')
		.input(ReplayDeliveriesInput)
		.mutation(({ ctx, input }) => replayDeliveries({ ctx, input }))
});
