import { createHash } from 'node:crypto';

/** A number in [0, 1) which is the same for the same seed and words. */
export function seededFraction(seed: string, ...words: (string | number)[]): number {
	const digest = createHash('sha256')
		.update(JSON.stringify([seed, ...words]))
		.digest();
	return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** A whole number in [lowest, highest] which is the same for the same seed and words. */
export function seededInteger(
	lowest: number,
	highest: number,
	seed: string,
	...words: (string | number)[]
): number {
	return lowest + Math.floor(seededFraction(seed, ...words) * (highest - lowest + 1));
}
