/** Everything a run decides is drawn from here: one seed, one run. */
export class Random {
	private a: number;
	private b: number;
	private c: number;
	private counter = 1;

	/** @param seed any whole number; neighbours give unrelated sequences */
	constructor(private readonly seed: number) {
		this.a = seed >>> 0;
		this.b = Math.floor(seed / 2 ** 32) >>> 0;
		this.c = 0x9e3779b9;
		for (let round = 0; round < 12; round++) this.bits();
	}

	/** A sequence of its own, so that what one thing draws does not depend on what others drew. */
	fork(label: number): Random {
		return new Random(this.seed * 1_048_576 + label + 1);
	}

	/** 32 random bits: the small fast counting generator (sfc32). */
	bits(): number {
		const sum = (this.a + this.b + this.counter) >>> 0;
		this.counter = (this.counter + 1) >>> 0;
		this.a = (this.b ^ (this.b >>> 9)) >>> 0;
		this.b = (this.c + (this.c << 3)) >>> 0;
		this.c = ((this.c << 21) | (this.c >>> 11)) >>> 0;
		this.c = (this.c + sum) >>> 0;
		return sum;
	}

	/** A whole number from 0, less than `count`. */
	below(count: number): number {
		return Math.floor((this.bits() / 2 ** 32) * count);
	}

	/** A whole number, both ends included. */
	between(least: number, most: number): number {
		return least + this.below(most - least + 1);
	}

	/** True in `percent` of a hundred draws. */
	chance(percent: number): boolean {
		return this.below(10_000) < percent * 100;
	}

	pick<T>(choices: readonly T[]): T {
		const chosen = choices[this.below(choices.length)];
		if (chosen === undefined) throw new Error('There is nothing to pick from.');
		return chosen;
	}

	/** Picks by weight: a choice of weight 2 comes twice as often as one of weight 1. */
	weighted<T>(choices: readonly (readonly [number, T])[]): T {
		let left = this.below(choices.reduce((sum, [weight]) => sum + weight, 0));
		for (const [weight, choice] of choices) {
			if (left < weight) return choice;
			left -= weight;
		}
		throw new Error('There is nothing to pick from.');
	}

	shuffled<T>(list: readonly T[]): T[] {
		return list
			.map((value) => ({ value, place: this.bits() }))
			.sort((first, second) => first.place - second.place)
			.map(({ value }) => value);
	}

	uuid(): string {
		const hex = () => this.bits().toString(16).padStart(8, '0');
		const [one, two, three] = [hex(), hex(), hex()];
		return `${hex()}-${one.slice(0, 4)}-4${one.slice(5)}-a${two.slice(1, 4)}-${two.slice(4)}${three}`;
	}
}
