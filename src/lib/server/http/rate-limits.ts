/**
 * Who may ask how often: in memory, for this process alone, because a shared count would cost a round
 * trip per request. Of two processes each lets the whole rate in.
 */
import { takeTurn, type RateLimit } from '$lib/domain/limits/rate';
import type { Bucket } from '$lib/domain/limits/bucket';

export const LIMITS = {
	/** Everything that comes from one address, before anybody is known. */
	address: { burst: 1_500, perSecond: 150 },
	/** Forms that name a password or a code; the throttle of accounts is in the database. */
	sign_in: { burst: 40, perSecond: 0.5 },
	/** Nobody signed in. */
	stranger: { burst: 200, perSecond: 10 },
	rest: { burst: 400, perSecond: 40 },
	trpc: { burst: 600, perSecond: 60 },
	export: { burst: 20, perSecond: 0.2 }
} as const satisfies Record<string, RateLimit>;
export type LimitName = keyof typeof LIMITS;

/** Beyond it, those who came longest ago are forgotten: they have drained, or were many strangers. */
const KEYS_MAX = 50_000;

export class RateLimits {
	private readonly buckets = new Map<string, Bucket>();

	/** @param factor of all limits; 0: none */
	constructor(private readonly factor: number) {}

	/** Seconds to wait; 0: let in. */
	waitFor(name: LimitName, who: string, nowMs: number): number {
		if (this.factor === 0) return 0;
		const { burst, perSecond } = LIMITS[name];
		const limit = { burst: burst * this.factor, perSecond: perSecond * this.factor };
		const key = `${name} ${who}`;
		const { bucket, waitSeconds } = takeTurn(this.buckets.get(key), limit, nowMs);
		this.buckets.delete(key);
		this.buckets.set(key, bucket);
		const [oldest] = this.buckets.keys();
		if (this.buckets.size > KEYS_MAX && oldest !== undefined) this.buckets.delete(oldest);
		return waitSeconds;
	}
}
