/** Bodies against the doors of a house: no fault, no hang, and what is refused leaves no trace. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { HttpHouse, Question } from './house-http';

export const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121);
/** Bodies per reader; more are tried with FUZZ_RUNS. */
export const RUNS = Number(process.env.FUZZ_RUNS ?? 3);
/** A hang, on whatever machine: what a body costs is printed. */
const HANG_MS = 10_000;
/**
 * What is noted of each session and token that is used, and of each refused try to sign in or to dial: it
 * is there to say that something was refused.
 */
const NOTED = ['sessions', 'api_tokens', 'sign_in_throttle', 'blocks'];

interface Cost {
	count: number;
	taken: number;
	totalMs: number;
	worstMs: number;
	worst: string;
}

export const sample = <Value>(arbitrary: fc.Arbitrary<Value>, numRuns = RUNS): Value[] =>
	fc.sample(arbitrary, { numRuns, seed: SEED });

export class Fuzz {
	private readonly costs = new Map<string, Cost>();

	constructor(private readonly http: HttpHouse) {}

	/** Asks all of it, then once more what was refused, which must not have left a trace. */
	async attemptAll(door: string, questions: Question[]): Promise<void> {
		const refused: Question[] = [];
		for (const question of questions) {
			const status = await this.attempt(door, question);
			if (status >= 400 && status < 500) refused.push(question);
		}
		const before = await this.fingerprint();
		for (const question of refused) {
			// It may be right by now: what it named was made by another body.
			if ((await this.attempt(door, question)) < 400) return;
		}
		const says = `a refused body of ${door} changed something (seed ${SEED})`;
		expect(await this.fingerprint(), says).toEqual(before);
	}

	count(door: string, startedAt: number, what: string, status: number): number {
		const ms = performance.now() - startedAt;
		const cost = this.costs.get(door) ?? { count: 0, taken: 0, totalMs: 0, worstMs: 0, worst: '' };
		cost.count++;
		cost.totalMs += ms;
		if (status < 400) cost.taken++;
		if (ms > cost.worstMs) Object.assign(cost, { worstMs: ms, worst: what });
		this.costs.set(door, cost);
		return ms;
	}

	report(): string {
		return [...this.costs]
			.map(([door, { count, taken, totalMs, worstMs, worst }]) =>
				[
					`${door}: ${count} bodies (${taken} taken)`,
					`${(totalMs / count).toFixed(1)} ms each`,
					`worst ${worstMs.toFixed(0)} ms at ${worst}`
				].join(', ')
			)
			.join('\n');
	}

	private async attempt(door: string, question: Question): Promise<number> {
		const { method, at, body } = question;
		const what = `${method} ${at.slice(0, 120)} ${String(body).slice(0, 200)} (seed ${SEED})`;
		const startedAt = performance.now();
		const answer = await this.http.ask(question);
		const { status } = answer;
		const text = status >= 500 ? await answer.text() : '';
		if (!answer.bodyUsed) await answer.body?.cancel();
		const ms = this.count(door, startedAt, `${method} ${at.split('?')[0]}`, status);
		expect(ms, what).toBeLessThan(HANG_MS);
		expect(this.http.faults, what).toEqual([]);
		// What is not ours to answer for: the house has no real providers.
		if (status >= 500) expect(text, what).toMatch(/provider_failed|provider_unavailable/);
		return status;
	}

	/** What every table says, in one question. */
	private async fingerprint(): Promise<object> {
		const { sql } = this.http.house;
		const tables = await sql<{ name: string }[]>`
			select tablename as name from pg_tables
			where schemaname = 'public' and tablename not in ${sql(NOTED)} order by 1`;
		const parts = tables.map(
			({ name }) =>
				`select '${name}' as name, count(*) || ' ' || coalesce(sum(hashtext(t::text)), 0) as print from "${name}" t`
		);
		const rows = await sql.unsafe<{ name: string; print: string }[]>(parts.join(' union all '));
		return Object.fromEntries(rows.map(({ name, print }) => [name, print]));
	}
}
