import { CheckAvailabilityInput } from '$lib/inputs';
import { checkAvailability } from '../../minutes/check-availability';
import { getOwnMinutes } from '../../minutes/get-own-minutes';
import { allowed, router } from '../init';

export const minutesRouter = router({
	own: allowed('minutes.read').query(({ ctx }) => getOwnMinutes({ ctx })),
	checkAvailability: allowed('minutes.read')
		.input(CheckAvailabilityInput)
		.query(({ ctx, input }) => checkAvailability({ ctx, input }))
});
