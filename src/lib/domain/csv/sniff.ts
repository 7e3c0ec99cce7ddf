/** How a file is written, found out from how it begins. */

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/**
 * The encoding of a text file. A byte order mark says it; without one, zeros in every second byte are UTF-16, and
 * what is no UTF-8 is what Excel writes on Windows.
 * @param head the first bytes, at least some hundred
 * @param isWhole false when the file goes on: then its last character may be cut
 */
export function sniffEncoding(head: Uint8Array, isWhole: boolean): Encoding {
	if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
	if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
	const zeros = { even: 0, odd: 0 };
	const looked = Math.min(head.length, 1000);
	for (let index = 0; index < looked; index++) {
		if (head[index] === 0) zeros[index % 2 === 0 ? 'even' : 'odd']++;
	}
	if (zeros.odd > looked / 5) return 'utf-16le';
	if (zeros.even > looked / 5) return 'utf-16be';
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !isWhole });
		return 'utf-8';
	} catch {
		return 'windows-1252';
	}
}

/**
 * What separates the cells: what Excel says in a first line such as `sep=;`, else what stands most evenly outside
 * quotes in the first lines.
 * @param head the first lines as text
 * @returns the delimiter, and how many characters of the file say so and are no data
 */
export function sniffDelimiter(head: string): { delimiter: Delimiter; skip: number } {
	const text = head.replace(/^\uFEFF/, '');
	const said = /^"?sep=([,;\t|])"?\r?\n/i.exec(text);
	const named = DELIMITERS.find((delimiter) => delimiter === said?.[1]);
	if (said && named) return { delimiter: named, skip: head.length - text.length + said[0].length };
	const lines = cutLines(text).slice(0, 20);
	let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 };
	for (const delimiter of DELIMITERS) {
		const counts = lines.map((line) => line.split(delimiter).length - 1);
		const usual = counts[0] ?? 0;
		const score = usual === 0 ? 0 : counts.filter((count) => count === usual).length * 100 + usual;
		if (score > best.score) best = { delimiter, score };
	}
	return { delimiter: best.delimiter, skip: 0 };
}

/** Lines with what is in quotes taken out of them. */
function cutLines(text: string): string[] {
	const bare = text.replace(/"(?:[^"]|"")*"/g, '');
	return bare.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
}
