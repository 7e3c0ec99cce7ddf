/**
 * Places calls over REST as a customer's program does: a new number and a new Idempotency-Key each, and the
 * same request again when no clear answer came.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../simulation/random';
import type { Payer } from './payers';

export interface Placement {
	payer: Payer;
	to: string;
	key: string;
	/** Our call ids that were answered: more than one would be a call doubled. */
	callIds: Set<string>;
	tries: number;
	/** Answers that neither placed it nor left it open. */
	refusals: string[];
}

const TRIES_MAX = 8;
const RETRY_PAUSE_MS = 400;
const ANSWER_TIMEOUT_MS = 15_000;
const BETWEEN_MS = { least: 20, most: 80 };

let numbersGiven = 0;

export class CallPlacer {
	readonly placements: Placement[] = [];
	/** Tries that got no clear answer. */
	unanswered = 0;
	private isStopping = false;
	private readonly working: Promise<void>[] = [];

	/** @param chooseTarget the address of the process that a request goes to */
	constructor(
		private readonly payers: Payer[],
		private readonly random: Random,
		private readonly chooseTarget: () => string
	) {}

	start(callers: number): void {
		for (let caller = 0; caller < callers; caller++) this.working.push(this.work());
	}

	/** Resolves when nobody places calls any more. */
	async stop(): Promise<void> {
		this.isStopping = true;
		await Promise.all(this.working);
	}

	async placeOne(): Promise<Placement> {
		const placement: Placement = {
			payer: this.random.pick(this.payers),
			to: newNumber(),
			key: randomUUID(),
			callIds: new Set(),
			tries: 0,
			refusals: []
		};
		this.placements.push(placement);
		while (placement.tries < TRIES_MAX && !(await this.tryOnce(placement))) {
			this.unanswered++;
			await pause(RETRY_PAUSE_MS);
		}
		return placement;
	}

	private async work(): Promise<void> {
		while (!this.isStopping) {
			await this.placeOne();
			await pause(this.random.between(BETWEEN_MS.least, BETWEEN_MS.most));
		}
	}

	/** @returns whether the answer was clear */
	private async tryOnce(placement: Placement): Promise<boolean> {
		placement.tries++;
		try {
			const answer = await fetch(`${this.chooseTarget()}/api/calls`, {
				method: 'POST',
				headers: {
					authorization: `Bearer ${placement.payer.token}`,
					'content-type': 'application/json',
					'idempotency-key': placement.key
				},
				body: JSON.stringify({ to: placement.to }),
				signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS)
			});
			const text = await answer.text();
			if (answer.status >= 500) return false;
			if (answer.status === 201) placement.callIds.add(JSON.parse(text).call.id);
			else placement.refusals.push(`${answer.status} ${text.slice(0, 200)}`);
			return true;
		} catch {
			return false;
		}
	}
}

/** A valid number that nobody was given before. */
function newNumber(): string {
	const count = numbersGiven++;
	return `+1415${220 + (count % 600)}${String(Math.floor(count / 600)).padStart(4, '0')}`;
}
