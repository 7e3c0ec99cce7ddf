import { AppError } from '../errors';

/** Longer ones are as good as their beginning, and would take long to look at. */
const LOOKED_AT = 64;
/** Fewer tries than this break it: on every list of leaked passwords, or one step from it. */
const GUESSES_MIN = 1e6;

let checker: ReturnType<typeof loadChecker> | undefined;

/** A second and thirty megabytes, so only once somebody sets a password. */
async function loadChecker() {
	const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
		import('@zxcvbn-ts/core'),
		import('@zxcvbn-ts/language-common')
	]);
	return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
}

/**
 * Refuses passwords that are on lists of leaked ones, or near them, or made of the person's own name.
 * @param about words that belong to the person
 * @throws AppError `invalid` at `password`
 */
export async function requireGoodPassword(password: string, about: string[]): Promise<void> {
	checker ??= loadChecker();
	const words = about.flatMap((text) => [text, ...text.split(/[^\p{Letter}\p{Number}]+/u)]);
	const { guesses } = (await checker).check(
		password.slice(0, LOOKED_AT),
		words.filter((word) => word.length > 2)
	);
	if (guesses >= GUESSES_MIN) return;
	const sentence =
		'password is easy to guess: it is, or is close to, one that has leaked, or your name. Use three or four words that have nothing to do with each other.';
	throw new AppError('invalid', sentence, { password: sentence });
}
