/** Codes of an authenticator app (RFC 6238: SHA-1, six digits, thirty seconds), and codes for its loss. */
import { randomInt } from 'node:crypto';
import { and, eq, isNull, lt, or } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import type { Database } from '../db/client';
import { recoveryCodes, users } from '../db/schema/index';
import { sha256 } from './secrets';

const PERIOD_SECONDS = 30;
/** Clocks of phones are off by so many periods at most. */
const WINDOW = 1;
const RECOVERY_CODES = 10;
/** Without letters and digits that look alike: 31 of them, twelve long, are 59 bits. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

type Writer = Pick<Database, 'update' | 'insert' | 'delete'>;

export function newTotpSecret(): string {
	return new Secret({ size: 20 }).base32;
}

function totpOf(secret: string, label: string): TOTP {
	return new TOTP({
		issuer: 'Talktime',
		label,
		period: PERIOD_SECONDS,
		secret: Secret.fromBase32(secret)
	});
}

/** What the app scans. */
export function totpUri(secret: string, email: string): string {
	return totpOf(secret, email).toString();
}

/** The time step whose code this is; null when it is none of those around now. */
export function findStep(secret: string, code: string, nowMs: number): number | null {
	const delta = totpOf(secret, '').validate({ token: code, timestamp: nowMs, window: WINDOW });
	return delta === null ? null : Math.floor(nowMs / 1000 / PERIOD_SECONDS) + delta;
}

/** Six digits, however they were grouped; anything else is a recovery code. */
export function isTotpCode(code: string): boolean {
	return /^\d{6}$/.test(code.replace(/\s/g, ''));
}

/** Takes a code of a person, so that it is good once. @returns whether it was right */
export async function takeCode(
	db: Writer,
	user: { id: string; totpSecret: string | null },
	code: string,
	nowMs: number
): Promise<boolean> {
	if (!isTotpCode(code)) return takeRecoveryCode(db, user.id, code, nowMs);
	const step = user.totpSecret && findStep(user.totpSecret, code.replace(/\s/g, ''), nowMs);
	if (!step) return false;
	const isNew = or(isNull(users.totpLastStep), lt(users.totpLastStep, step));
	const taken = await db
		.update(users)
		.set({ totpLastStep: step })
		.where(and(eq(users.id, user.id), isNew))
		.returning({ id: users.id });
	return taken.length > 0;
}

async function takeRecoveryCode(
	db: Writer,
	userId: string,
	code: string,
	nowMs: number
): Promise<boolean> {
	const codeHash = sha256(code.toLowerCase().replace(/[^a-z0-9]/g, ''));
	const taken = await db
		.update(recoveryCodes)
		.set({ usedAt: new Date(nowMs) })
		.where(
			and(
				eq(recoveryCodes.userId, userId),
				eq(recoveryCodes.codeHash, codeHash),
				isNull(recoveryCodes.usedAt)
			)
		)
		.returning({ userId: recoveryCodes.userId });
	return taken.length > 0;
}

/** Makes new recovery codes in place of those before. They are told once: only their hashes are kept. */
export async function makeRecoveryCodes(db: Writer, userId: string): Promise<string[]> {
	const letters = () => ALPHABET[randomInt(ALPHABET.length)] ?? '';
	const codes = Array.from({ length: RECOVERY_CODES }, () =>
		Array.from({ length: 12 }, letters).join('')
	);
	await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
	await db.insert(recoveryCodes).values(codes.map((code) => ({ userId, codeHash: sha256(code) })));
	return codes.map((code) => code.replace(/(.{4})(?=.)/g, '$1-'));
}
