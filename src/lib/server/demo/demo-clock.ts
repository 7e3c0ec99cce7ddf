/** The time in which the demo's calls happen, told by those who make them. */
export class DemoClock {
	constructor(public nowMs: number) {}

	/** @returns the moment it is then, milliseconds since 1970 UTC */
	passSeconds(seconds: number): number {
		this.nowMs += seconds * 1000;
		return this.nowMs;
	}
}
