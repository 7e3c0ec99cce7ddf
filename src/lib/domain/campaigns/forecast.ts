/** What a batch will take, from how the organisation's own calls went. */

/** Calls of the last weeks. */
export interface CallHistory {
	calls: number;
	answered: number;
	billedMinutes: number;
}

export interface Forecast {
	leads: number;
	/** Minutes the whole batch takes, about. */
	minutes: number;
	/** Minutes there are now. */
	affordableMinutes: number;
	/** The lead up to which they reach; `leads` when they reach for all. */
	reachesLead: number;
	/** Calls it was reckoned from; 0: from what is usual, because too few were made. */
	fromCalls: number;
}

/** Fewer calls than these say nothing. */
const CALLS_MIN = 20;
/** What is usual: six of ten are answered, and talk three minutes. */
const USUAL: CallHistory = { calls: 10, answered: 6, billedMinutes: 18 };

/**
 * @param attemptsMax calls to a lead that is not reached
 * @param affordableMinutes minutes that minutes and wallet pay for together
 */
export function forecastBatch(input: {
	leads: number;
	attemptsMax: number;
	history: CallHistory;
	affordableMinutes: number;
}): Forecast {
	const { leads, attemptsMax, affordableMinutes } = input;
	const isKnown = input.history.calls >= CALLS_MIN && input.history.answered > 0;
	const { calls, answered, billedMinutes } = isKnown ? input.history : USUAL;
	const answerRate = Math.min(1, answered / calls);
	const reachRate = 1 - (1 - answerRate) ** attemptsMax;
	const minutesPerLead = reachRate * (billedMinutes / answered);
	const isEnough = leads * minutesPerLead <= affordableMinutes;
	return {
		leads,
		minutes: Math.ceil(leads * minutesPerLead),
		affordableMinutes,
		reachesLead: isEnough ? leads : Math.min(leads, Math.floor(affordableMinutes / minutesPerLead)),
		fromCalls: isKnown ? calls : 0
	};
}
