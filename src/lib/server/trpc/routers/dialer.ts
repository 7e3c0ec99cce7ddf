import {
	ChangePowerDialInput,
	LookUpNumberInput,
	NextLeadInput,
	StartPowerDialInput
} from '$lib/inputs';
import { changePowerDial } from '../../dialer/change-power-dial';
import { lookUpNumber } from '../../dialer/look-up-number';
import { nextLead } from '../../dialer/next-lead';
import { startPowerDial } from '../../dialer/start-power-dial';
import { allowed, router } from '../init';

export const dialerRouter = router({
	lookUp: allowed('outcomes.read')
		.input(LookUpNumberInput)
		.query(({ ctx, input }) => lookUpNumber({ ctx, input })),
	startPowerDial: allowed('outcomes.write')
		.input(StartPowerDialInput)
		.mutation(({ ctx, input }) => startPowerDial({ ctx, input })),
	nextLead: allowed('outcomes.write')
		.input(NextLeadInput)
		.mutation(({ ctx, input }) => nextLead({ ctx, input })),
	changePowerDial: allowed('outcomes.write')
		.input(ChangePowerDialInput)
		.mutation(({ ctx, input }) => changePowerDial({ ctx, input }))
});
