import { invalid } from './errors';

type Tree = Map<string, string | Tree>;

const LARGEST_INTEGER = 99_999_999;
const MOST_METADATA_KEYS = 50;

function insert(tree: Tree, path: string[], value: string): void {
	const [key = '', ...rest] = path;
	// `list[]=a&list[]=b` counts on by itself.
	const name = key === '' ? String(tree.size) : key;
	if (rest.length === 0) {
		tree.set(name, value);
		return;
	}
	const existing = tree.get(name);
	const branch = existing instanceof Map ? existing : new Map<string, string | Tree>();
	tree.set(name, branch);
	insert(branch, rest, value);
}

/** The parameters of one request or one part of them, read with Stripe's errors. */
export class Params {
	private constructor(
		private readonly tree: Tree,
		private readonly prefix: string
	) {}

	/** Reads a form or a query in Stripe's nested notation: `line_items[0][price_data][currency]`. */
	static read(form: URLSearchParams): Params {
		const tree: Tree = new Map();
		for (const [name, value] of form) {
			insert(tree, name.replaceAll(']', '').split('['), value);
		}
		return new Params(tree, '');
	}

	/** Throws when a parameter is given that the endpoint does not know. */
	allowOnly(...names: string[]): this {
		for (const name of this.tree.keys()) {
			if (names.includes(name) || name === 'expand') continue;
			const param = this.#nameOf(name);
			throw invalid(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
		}
		return this;
	}

	has(name: string): boolean {
		return this.tree.has(name);
	}

	/** Null when missing or empty, which is how Stripe unsets a value. */
	text(name: string): string | null {
		const value = this.tree.get(name);
		if (value instanceof Map)
			throw invalid(`Invalid string: ${name}`, { param: this.#nameOf(name) });
		return value === undefined || value === '' ? null : value;
	}

	requireText(name: string): string {
		const value = this.text(name);
		if (value !== null) return value;
		const param = this.#nameOf(name);
		throw invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
	}

	oneOf<Value extends string>(name: string, values: readonly Value[]): Value | null {
		const text = this.text(name);
		if (text === null) return null;
		const known = values.find((value) => value === text);
		if (known !== undefined) return known;
		const list = values.join(', ');
		throw invalid(`Invalid ${name}: must be one of ${list}`, { param: this.#nameOf(name) });
	}

	integer(name: string): number | null {
		const text = this.text(name);
		if (text === null) return null;
		if (/^-?\d{1,12}$/.test(text)) return Number(text);
		const param = this.#nameOf(name);
		throw invalid(`Invalid integer: ${text}`, { code: 'parameter_invalid_integer', param });
	}

	/** A positive number of minor units. Throws when it is missing. */
	requireAmount(name: string): number {
		this.requireText(name);
		return this.amount(name) ?? 0;
	}

	amount(name: string): number | null {
		const amount = this.integer(name);
		const param = this.#nameOf(name);
		if (amount === null) return null;
		if (amount < 1) {
			const code = 'parameter_invalid_integer';
			throw invalid('This value must be greater than or equal to 1.', { code, param });
		}
		if (amount > LARGEST_INTEGER) {
			throw invalid('Amount must be no more than $999,999.99', { code: 'amount_too_large', param });
		}
		return amount;
	}

	flag(name: string): boolean {
		const text = this.text(name);
		if (text === null || text === 'false') return false;
		if (text === 'true') return true;
		throw invalid(`Invalid boolean: ${text}`, { param: this.#nameOf(name) });
	}

	/** A part such as `payment_intent_data`; empty when it is missing. */
	child(name: string): Params {
		const value = this.tree.get(name);
		return new Params(value instanceof Map ? value : new Map(), this.#nameOf(name));
	}

	/** The parts of an array of objects, in order. */
	children(name: string): Params[] {
		const list = this.child(name);
		return [...list.tree.keys()].map((key) => list.child(key));
	}

	/** The values of an array of texts, in order. */
	texts(name: string): string[] {
		const list = this.child(name);
		return [...list.tree.values()].filter((value) => typeof value === 'string');
	}

	/** The names given, for parts with free names. */
	names(): string[] {
		return [...this.tree.keys()];
	}

	/** Metadata as it is after this request: an empty value removes its key. */
	metadata(kept: Record<string, string> | null = null): Record<string, string> {
		const next = { ...kept };
		if (this.has('metadata') && !(this.tree.get('metadata') instanceof Map)) return {};
		const given = this.child('metadata');
		for (const name of given.names()) {
			const value = given.text(name);
			if (value === null) delete next[name];
			else next[name] = value.slice(0, 500);
		}
		if (Object.keys(next).length <= MOST_METADATA_KEYS) return next;
		throw invalid('Metadata can have at most 50 keys.', { param: 'metadata' });
	}

	/** What the endpoint does is the same for the same parameters in any order. */
	fingerprint(): string {
		const flatten = (tree: Tree, path: string): string[] =>
			[...tree].flatMap(([key, value]) =>
				value instanceof Map ? flatten(value, `${path}[${key}]`) : [`${path}[${key}]=${value}`]
			);
		return flatten(this.tree, '').sort().join('&');
	}

	#nameOf(name: string): string {
		return this.prefix === '' ? name : `${this.prefix}[${name}]`;
	}
}
