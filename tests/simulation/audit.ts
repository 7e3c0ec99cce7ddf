/** Looks at the books after a run: against the naive re-computation, against themselves, against the truth. */
import { describeBooks, type Books } from './books';
import type { SimulatedProvider } from './provider';

/** What a run found. The message has the seed, the breaches and the last steps. */
export class SimulationFailure extends Error {
	constructor(
		readonly seed: number,
		readonly breaches: string[],
		steps: string[]
	) {
		const shown = breaches.slice(0, 12).map((breach) => `  ${breach}`);
		const more =
			breaches.length > shown.length ? [`  … ${breaches.length - shown.length} more`] : [];
		super(
			[
				`seed ${seed}: ${breaches.length} breaches`,
				...shown,
				...more,
				'last steps:',
				...steps.map((step) => `  ${step}`),
				`replay: npm run simulate -- --seed ${seed}`
			].join('\n')
		);
	}
}

/** Every line that one of the two has and the other has not. */
export function compareBooks(organizationId: number, expected: Books, actual: Books): string[] {
	const left = new Map<string, number>();
	for (const line of describeBooks(actual)) left.set(line, (left.get(line) ?? 0) + 1);
	const missing: string[] = [];
	for (const line of describeBooks(expected)) {
		const count = left.get(line) ?? 0;
		if (count === 0) missing.push(line);
		else left.set(line, count - 1);
	}
	const surplus = [...left].flatMap(([line, count]) => Array<string>(count).fill(line));
	return [
		...missing.map((line) => `organisation ${organizationId} should have: ${line}`),
		...surplus.map((line) => `organisation ${organizationId} has instead: ${line}`)
	];
}

/**
 * What books must say of themselves, whatever happened.
 * @param isOver after the end of a run nothing is live and nothing is held
 */
export function checkBooks(organizationId: number, books: Books, isOver: boolean): string[] {
	const { credit, calls, holds, debts, usage, transactions } = books;
	const breaches: string[] = [];
	const expect = (isTrue: boolean, sentence: string) => {
		if (!isTrue) breaches.push(`organisation ${organizationId}: ${sentence}`);
	};
	expect(credit.balanceMicros >= 0n, `the balance is ${credit.balanceMicros}`);
	expect(credit.heldMicros >= 0n, `${credit.heldMicros} micros are held`);
	expect(credit.heldMicros <= credit.balanceMicros, 'more dollars are held than are there');
	expect(credit.heldMinutes >= 0, `${credit.heldMinutes} minutes are held`);
	expect(
		credit.heldMinutes <= credit.totalMinutes - credit.usedMinutes,
		'more minutes are held than are there'
	);
	expect(
		credit.usedMinutes === sumOf(usage, (row) => row.minutes),
		'used minutes are not those of the usage log'
	);
	const granted = sumOf(books.history, (row) =>
		row.kind === 'allocate' ? row.minutes : -row.minutes
	);
	expect(credit.totalMinutes === granted, 'total minutes are not those of the history');
	const live = calls.filter((call) => call.endedAtMs === null);
	expect(credit.liveCalls === live.length, `${credit.liveCalls} counted, ${live.length} live`);
	expect(
		sameWords(
			live.map(({ id }) => id),
			holds.map(({ callId }) => callId)
		),
		'live calls and open holds are not the same'
	);
	if (isOver) {
		expect(holds.length === 0, `${holds.length} holds are open`);
		expect(credit.heldMinutes === 0 && credit.heldMicros === 0n, 'something is still held');
		expect(credit.overdraftHeldMicros === 0n, 'overdraft is still lent');
		expect(credit.overdraftHeldMinutes === 0, 'overdraft minutes are still lent');
	}
	let balanceMicros = 0n;
	for (const row of transactions) {
		expect(row.beforeMicros === balanceMicros, 'a transaction does not start where the last ended');
		balanceMicros += row.type === 'debit' ? -row.amountMicros : row.amountMicros;
		expect(row.afterMicros === balanceMicros, 'a transaction does not add up');
	}
	expect(credit.balanceMicros === balanceMicros, 'the balance is not that of its transactions');
	const heardIds = books.heard.map(({ deliveryId }) => deliveryId);
	expect(new Set(heardIds).size === heardIds.length, 'a delivery was heard twice');

	for (const call of calls) {
		const debt = debts.find(({ callId }) => callId === call.id);
		const minutes = sumOf(
			usage.filter(({ callId, isExternal }) => callId === call.id && !isExternal),
			(row) => row.minutes
		);
		const paid = transactions
			.filter(({ callId }) => callId === call.id)
			.reduce((sum, row) => sum + row.amountMicros, 0n);
		const charged =
			minutes +
			Math.ceil((call.walletSeconds ?? 0) / 60) +
			(debt ? debt.remainingMinutes - debt.convertedMinutes : 0);
		expect(
			charged === (call.billedMinutes ?? 0),
			`call ${call.id} is billed ${call.billedMinutes} minutes and charged ${charged}`
		);
		expect(
			(call.billedMinutes ?? 0) * 60 >= (call.talkSeconds ?? 0),
			`call ${call.id} is billed less than it talked`
		);
		expect(
			paid + (debt ? debt.remainingMicros + debt.convertedMicros : 0n) === (call.costMicros ?? 0n),
			`call ${call.id} costs ${call.costMicros} and was charged ${paid}`
		);
	}
	return breaches;
}

/** Every call ended as it did at the provider; one the provider never had ended as failed and is free. */
export function checkTruth(
	books: Books[],
	provider: SimulatedProvider,
	disputed: ReadonlySet<string>
): string[] {
	const breaches: string[] = [];
	const known = new Map(books.flatMap(({ calls }) => calls.map((call) => [call.id, call])));
	for (const call of known.values()) {
		const truth = provider.calls.get(call.id);
		if (disputed.has(call.id)) continue;
		const [status, seconds] = truth ? [truth.status, truth.talkSeconds ?? 0] : ['failed', 0];
		if (call.status === status && call.talkSeconds === seconds) continue;
		breaches.push(
			`call ${call.id} is ${call.status} after ${call.talkSeconds} s, in truth ${status} after ${seconds} s`
		);
	}
	for (const id of provider.calls.keys()) {
		if (!known.has(id)) breaches.push(`call ${id} rang, and nobody knows of it`);
	}
	return breaches;
}

function sumOf<Row>(rows: Row[], pick: (row: Row) => number): number {
	return rows.reduce((sum, row) => sum + pick(row), 0);
}

function sameWords(one: string[], other: string[]): boolean {
	return one.length === other.length && [...one].sort().join() === [...other].sort().join();
}
