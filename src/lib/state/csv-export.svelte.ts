const LINE_END = 10;
/** Parts are handed to the browser, which may keep them on disk, before they grow large. */
const PART_BYTES = 4_000_000;

/** Downloads an export and says how far it is. A file that breaks off is never saved. */
export class CsvExport {
	#rows = $state(0);
	#isRunning = $state(false);
	#problem = $state<string | null>(null);
	#stop: AbortController | null = null;

	/** Lines received so far. */
	get rows(): number {
		return this.#rows;
	}

	get isRunning(): boolean {
		return this.#isRunning;
	}

	get problem(): string | null {
		return this.#problem;
	}

	cancel(): void {
		this.#stop?.abort();
	}

	/** @returns the name of the saved file; null when it was not saved */
	async run(href: string): Promise<string | null> {
		if (this.#isRunning) return null;
		this.#isRunning = true;
		this.#rows = 0;
		this.#problem = null;
		this.#stop = new AbortController();
		try {
			const response = await fetch(href, { signal: this.#stop.signal });
			if (!response.ok || !response.body) throw new Error(await refusalOf(response));
			const file = await this.#receive(response.body);
			const name = nameIn(response.headers.get('content-disposition'));
			save(file, name);
			return name;
		} catch (thrown) {
			if (!this.#stop.signal.aborted) this.#problem = sentenceOf(thrown);
			return null;
		} finally {
			this.#isRunning = false;
		}
	}

	async #receive(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Blob> {
		let whole = new Blob([], { type: 'text/csv' });
		let part: Uint8Array<ArrayBuffer>[] = [];
		let bytes = 0;
		const keep = () => {
			whole = new Blob([whole, ...part], { type: 'text/csv' });
			part = [];
			bytes = 0;
		};
		const reader = body.getReader();
		for (;;) {
			const { value, done } = await reader.read();
			if (done) break;
			part.push(value);
			bytes += value.byteLength;
			let lines = 0;
			for (const byte of value) if (byte === LINE_END) lines++;
			this.#rows += lines;
			if (bytes >= PART_BYTES) keep();
		}
		keep();
		return whole;
	}
}

async function refusalOf(response: Response): Promise<string> {
	const body: { error?: { message?: string } } = await response.json().catch(() => ({}));
	return body.error?.message ?? 'The server did not answer as expected.';
}

function sentenceOf(thrown: unknown): string {
	const why =
		thrown instanceof TypeError || !(thrown instanceof Error)
			? 'The connection broke off.'
			: thrown.message;
	return `The file was not saved. ${why} Export it again.`;
}

function nameIn(disposition: string | null): string {
	return /filename="([^"]+)"/.exec(disposition ?? '')?.[1] ?? 'talktime.csv';
}

function save(file: Blob, name: string): void {
	const address = URL.createObjectURL(file);
	const link = document.createElement('a');
	link.href = address;
	link.download = name;
	link.click();
	// The browser has begun to read it by then.
	setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
