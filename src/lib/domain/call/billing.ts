/**
 * Whole minutes billed for a call: every started minute counts, an unanswered call costs nothing
 * (DESIGN.md section 3, Charge).
 * @param talkSeconds seconds both parties talked, a whole number
 */
export function billedMinutes(talkSeconds: number): number {
	return Math.ceil(talkSeconds / 60);
}
