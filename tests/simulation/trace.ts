/** The last steps of a run, kept cheaply and written out only when it failed. */
import type { LaneFault, Answer, Submission } from './lane-port';

const LINES_KEPT = 40;

export class Trace {
	private entries: (() => string)[] = [];
	/** Told every line at once: for a replay that is watched. */
	onLine: ((line: string) => void) | null = null;

	constructor(private readonly startMs: number) {}

	answer(nowMs: number, { command, process }: Submission, answer: Answer): void {
		this.keep(nowMs, () => {
			const { kind, ...what } = command;
			return `process ${process}: ${kind} ${brief(what)} -> ${describeAnswer(answer)}`;
		});
	}

	mode(nowMs: number, organizationId: number, mode: string): void {
		this.keep(nowMs, () => `organisation ${organizationId} is billed by ${mode}`);
	}

	fault(nowMs: number, fault: LaneFault): void {
		this.keep(
			nowMs,
			() => `process ${fault.process}: ${fault.kind} at statement ${fault.statement}`
		);
	}

	lines(): string[] {
		return this.entries.map((line) => line());
	}

	private keep(nowMs: number, text: () => string): void {
		const seconds = ((nowMs - this.startMs) / 1000).toFixed(1);
		const line = () => `+${seconds}s ${text()}`;
		this.onLine?.(line());
		this.entries.push(line);
		if (this.entries.length > LINES_KEPT) this.entries.shift();
	}
}

/** Facts of a command without those that are the same for all. */
const DULL = new Set([
	...['actor', 'body', 'metadata', 'description', 'reason', 'user', 'contact', 'from', 'provider'],
	...['dedupeKey', 'rawStatus', 'problems', 'prefix', 'callStartMs', 'callEndMs']
]);
const UUID = /\b(CA)?([0-9a-f]{8})[0-9a-f-]{24,28}\b/g;

function brief(what: object): string {
	return JSON.stringify(what, (name, value: unknown) => {
		if (DULL.has(name) || value === null) return undefined;
		return typeof value === 'bigint' ? Number(value) : value;
	})
		.replaceAll('"', '')
		.replace(UUID, '$1$2');
}

function describeAnswer(answer: Answer): string {
	if (answer.kind === 'lost') return 'lost';
	if (answer.kind === 'refused') return `refused: ${answer.error}`;
	const { result } = answer;
	if (result.kind === 'blocked') return `blocked: ${result.block.code}`;
	return 'repeated' in result && result.repeated ? `${result.kind} before` : result.kind;
}
