import { eq, sql } from 'drizzle-orm';
import { signInThrottle } from '../db/schema/users';
import type { Services } from '../services';

/** Free tries before a pause; then the pause doubles from this many seconds up to the longest. */
const FREE_TRIES = 5;
const FIRST_PAUSE_SECONDS = 2;
const LONGEST_PAUSE_SECONDS = 900;
/** This long without a failure forgets the earlier ones. */
const MEMORY_MS = 86_400_000;

export interface ThrottleKey {
	key: string;
	freeTries: number;
}

/** Who tries to sign in. */
export interface SignInTry {
	email: string;
	address: string;
	/** The browser, when this account was signed in there before. */
	knownDevice: string | null;
}

/**
 * Tries count per account and address together, per address alone, and per account alone (with more
 * patience each), so that guessing from many addresses is slow too. A browser that the owner has signed
 * in with counts by itself: no stranger's guessing, from next door or from everywhere, locks it out.
 */
function keysOf({ email, address, knownDevice }: SignInTry): ThrottleKey[] {
	if (knownDevice !== null) return [{ key: `device:${knownDevice}`, freeTries: FREE_TRIES }];
	const account = email.toLowerCase();
	return [
		{ key: `account:${account}:${address}`, freeTries: FREE_TRIES },
		{ key: `address:${address}`, freeTries: FREE_TRIES * 6 },
		{ key: `account:${account}`, freeTries: FREE_TRIES * 20 }
	];
}

/**
 * Counts a try before its password is looked at, so that guesses which arrive together are counted
 * together. @returns seconds to wait; 0: go on
 */
export async function claimTry(services: Services, from: SignInTry): Promise<number> {
	for (const key of keysOf(from)) {
		const waitSeconds = await claimKey(services, key);
		// What has to wait counts no further: hammering one address must not use up the account's patience.
		if (waitSeconds > 0) return waitSeconds;
	}
	return 0;
}

/** Counts a try under one key. @returns seconds to wait; 0: go on */
export async function claimKey(
	services: Services,
	{ key, freeTries }: ThrottleKey
): Promise<number> {
	const nowMs = services.clock();
	const now = new Date(nowMs);
	return services.unbound.db.transaction(async (tx) => {
		await tx
			.insert(signInThrottle)
			.values({ key, failures: 0, lastFailureAt: now })
			.onConflictDoNothing();
		const [row] = await tx
			.select()
			.from(signInThrottle)
			.where(eq(signInThrottle.key, key))
			.for('update');
		if (!row) return 0;
		const waitMs = (row.blockedUntil?.getTime() ?? 0) - nowMs;
		if (waitMs > 0) return Math.ceil(waitMs / 1000);
		const isForgotten = nowMs - row.lastFailureAt.getTime() > MEMORY_MS;
		const failures = isForgotten ? 1 : row.failures + 1;
		const blockedUntil = failures > freeTries ? pauseAfter(failures - freeTries - 1, nowMs) : null;
		await tx
			.update(signInThrottle)
			.set({ failures, lastFailureAt: now, blockedUntil })
			.where(eq(signInThrottle.key, key));
		return 0;
	});
}

function pauseAfter(failuresBeyond: number, nowMs: number): Date {
	const seconds = FIRST_PAUSE_SECONDS * 2 ** Math.min(failuresBeyond, 20);
	return new Date(nowMs + Math.min(seconds, LONGEST_PAUSE_SECONDS) * 1000);
}

/** How long to wait, in words. */
export function waitSentence(waitSeconds: number): string {
	const wait =
		waitSeconds > 90 ? `${Math.ceil(waitSeconds / 60)} minutes` : `${waitSeconds} seconds`;
	return `Too many tries. Wait ${wait}, then try again.`;
}

/** The password was right: the account's tries are forgotten, and the address gets this one back. */
export async function forgetTries(services: Services, from: SignInTry): Promise<void> {
	const { db } = services.unbound;
	for (const { key } of keysOf(from)) {
		const isShared = key === `address:${from.address}`;
		if (!isShared) await forgetKey(services, key);
		else {
			await db
				.update(signInThrottle)
				.set({ failures: sql`greatest(${signInThrottle.failures} - 1, 0)` })
				.where(eq(signInThrottle.key, key));
		}
	}
}

export async function forgetKey({ unbound }: Services, key: string): Promise<void> {
	await unbound.db.delete(signInThrottle).where(eq(signInThrottle.key, key));
}
