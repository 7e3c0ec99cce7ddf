import { seededFraction } from './random';

export const CALL_ENDS = ['completed', 'busy', 'no-answer', 'failed', 'canceled'] as const;
export type CallEnd = (typeof CALL_ENDS)[number];

export const PROVIDER_NAMES = ['twilio', 'exotel', 'bolna', 'stripe'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/**
 * What may go wrong, chosen through the control API. Every field may be missing. A call plan without
 * a provider is about the calls of all of them; Stripe's events need `provider: 'stripe'`.
 */
export interface Faults {
	/** Only this provider's calls, events or REST requests. */
	provider?: ProviderName;
	/** Extra copies of every callback. */
	duplicate?: number;
	/** Callbacks are kept until the call has ended and then sent in reverse order. */
	reorder?: boolean;
	/** Simulated seconds every callback is late. */
	delaySeconds?: number;
	/** Probability, 0 to 1, that the final callback is never sent. */
	dropFinal?: number;
	/** No callback is sent at all. */
	dropAll?: boolean;
	/** Stripe: every fact is told by two events with ids of their own. */
	twoEventIds?: boolean;
	/** Stripe: every charge is declined so (insufficient_funds, …); in a plan of its own. */
	declineCode?: string;
	/** Bolna: the execution does not give back the user_data it was placed with. */
	dropUserData?: boolean;
	/** Every list of calls repeats the last row of the page before. */
	repeatRows?: boolean;
	/** Simulated seconds from the end of a call to its price. */
	latePriceSeconds?: number;
	/** How the call ends. */
	outcome?: CallEnd;
	/** Simulated seconds of talk. */
	talkSeconds?: number;
	/** Create answers this HTTP status and nothing is placed. */
	createStatus?: number;
	/** Create gives no answer for this many real seconds, then the line is cut; nothing is placed. */
	createHangSeconds?: number;
	/** The call is placed although create fails: by createStatus, createHangSeconds or a cut line. */
	ambiguousCreate?: boolean;
	/** A hang-up is answered 200 and the call goes on. */
	ignoreHangUp?: boolean;
	/** Every REST request of a provider answers this HTTP status. */
	apiStatus?: number;
	/** Every REST request of a provider gives no answer for 60 real seconds. */
	apiHang?: boolean;
	/** Every REST request of a provider has its connection cut. */
	apiReset?: boolean;
	/** The work of a request is done although the answer fails: by apiStatus, apiHang or apiReset. */
	apiAmbiguous?: boolean;
	/** Every REST request of a provider starts this many real seconds late. */
	apiLatencySeconds?: number;
	/** Every answer arrives in small pieces over this many real seconds. */
	apiTrickleSeconds?: number;
	/** Only REST requests whose path contains this text. */
	apiPath?: string;
}

/** The fields that speak of REST requests; a plan holds either these or those of calls. */
export const API_FAULT_FIELDS = [
	'apiStatus',
	'apiHang',
	'apiReset',
	'apiAmbiguous',
	'apiLatencySeconds',
	'apiTrickleSeconds',
	'apiPath'
] as const satisfies readonly (keyof Faults)[];

/** A fault plan: for the next N calls (or REST requests), or, without `next`, until it is removed. */
export interface FaultPlan extends Faults {
	next?: number;
}

interface ActivePlan {
	id: number;
	faults: Faults;
	/** Calls or REST requests it still waits for; null when it applies to all. */
	remaining: number | null;
}

/** The limited plans one call took when it was created. */
export type TakenPlans = readonly ActivePlan[];

function isApiPlan(faults: Faults): boolean {
	return API_FAULT_FIELDS.some((field) => faults[field] !== undefined);
}

function isAboutCalls({ faults }: ActivePlan, provider: ProviderName): boolean {
	if (isApiPlan(faults) || faults.declineCode !== undefined) return false;
	return faults.provider === undefined ? provider !== 'stripe' : faults.provider === provider;
}

function isAboutRequest({ faults }: ActivePlan, provider: ProviderName, path: string): boolean {
	if (!isApiPlan(faults) || !path.includes(faults.apiPath ?? '')) return false;
	return faults.provider === undefined || faults.provider === provider;
}

/** Fault plans in the order they were posted; where two speak of one thing, the later one wins. */
export class FaultBook {
	#plans: ActivePlan[] = [];
	#plansPosted = 0;
	#oldestValidId = 0;

	constructor(private readonly seed: string) {}

	add({ next, ...faults }: FaultPlan): number {
		const id = ++this.#plansPosted;
		this.#plans.push({ id, faults, remaining: next ?? null });
		return id;
	}

	/** Removes every plan, also from the calls that took one. */
	clear(): void {
		this.#plans = [];
		this.#oldestValidId = this.#plansPosted + 1;
	}

	/** Every plan that is not used up, for people to read. */
	list(): (Faults & { id: number; remaining: number | 'all' })[] {
		return this.#plans.map(({ id, remaining, faults }) => ({
			id,
			remaining: remaining ?? 'all',
			...faults
		}));
	}

	/** Takes one from every limited call plan; the call keeps what it took. */
	takeForCall(provider: ProviderName): TakenPlans {
		const taken = this.#plans.filter((plan) => isAboutCalls(plan, provider));
		return this.#take(taken).filter((plan) => plan.remaining !== null);
	}

	/** Takes one from every limited plan of declines; the code this charge is declined with, or null. */
	takeDecline(): string | null {
		const taken = this.#take(this.#plans.filter(({ faults }) => faults.declineCode !== undefined));
		return taken.at(-1)?.faults.declineCode ?? null;
	}

	/** Takes one from every limited REST plan and gives what this request suffers. */
	takeForRequest(provider: ProviderName, path: string): Faults {
		const taken = this.#plans.filter((plan) => isAboutRequest(plan, provider, path));
		return Object.assign({}, ...this.#take(taken).map((plan) => plan.faults));
	}

	/** What a call suffers now: its own plans, then the unlimited ones, which reach live calls too. */
	forCall(provider: ProviderName, taken: TakenPlans): Faults {
		const unlimited = this.#plans.filter(
			(plan) => plan.remaining === null && isAboutCalls(plan, provider)
		);
		const own = taken.filter((plan) => plan.id >= this.#oldestValidId);
		const inOrder = [...own, ...unlimited].sort((left, right) => left.id - right.id);
		return Object.assign({}, ...inOrder.map((plan) => plan.faults));
	}

	/** True when a thing of this probability happens; the same for the same seed and words. */
	happens(probability: number, ...words: (string | number)[]): boolean {
		return seededFraction(this.seed, 'fault', ...words) < probability;
	}

	#take(plans: ActivePlan[]): ActivePlan[] {
		for (const plan of plans) if (plan.remaining !== null) plan.remaining -= 1;
		// A used-up plan stays only with the calls that took it.
		this.#plans = this.#plans.filter((plan) => plan.remaining !== 0);
		return plans;
	}
}
