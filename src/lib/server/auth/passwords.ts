import { hash, verify } from '@node-rs/argon2';
import { inTurns } from '../db/turns';

/** OWASP's floor for Argon2id: 19 MiB, two passes, one lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** More at once would starve every other request on two cores. */
const HASHES_AT_ONCE = 2;

const inTurn = inTurns(HASHES_AT_ONCE);

export function hashPassword(password: string): Promise<string> {
	return inTurn(() => hash(password, OPTIONS));
}

let dummyHash: Promise<string> | undefined;

/** Checks a password. Without a stored hash it works just as long and says no. */
export async function verifyPassword(
	storedHash: string | null,
	password: string
): Promise<boolean> {
	dummyHash ??= hashPassword('nobody has this password');
	const compared = storedHash ?? (await dummyHash);
	const isRight = await inTurn(() => verify(compared, password));
	return storedHash !== null && isRight;
}
