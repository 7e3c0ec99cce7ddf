/** The rows of an uploaded file, one after the other, whatever it is written in. Only one piece is in memory. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { sniffDelimiter, sniffEncoding, type Encoding } from '$lib/domain/csv/sniff';
import type { DatabaseClient } from '../db/client';

export interface FileRow {
	/** From 1; empty rows are not counted. */
	row: number;
	/** In the file, from 1: where the row begins. */
	line: number;
	cells: string[];
}

export interface FileFormat {
	encoding: Encoding;
	delimiter: string;
	/** Characters at the start that are no data. */
	skip: number;
}

/** The file cannot be read, with the reason in a sentence. */
export class UnreadableFile extends Error {}

const RECORD_CHARACTERS_MAX = 200_000;
const HEAD_CHARACTERS = 64 * 1024;

export async function readFormat(
	database: DatabaseClient,
	importId: string,
	byteSize: number
): Promise<FileFormat> {
	const head = await readPiece(database, importId, 0);
	if (!head) throw new UnreadableFile('The file is empty.');
	const isWhole = head.length >= byteSize;
	const encoding = sniffEncoding(head, isWhole);
	const text = new TextDecoder(encoding).decode(head, { stream: !isWhole });
	if (text.includes('\0') || text.startsWith('PK\u0003\u0004')) {
		throw new UnreadableFile(
			'This is no text file. In the spreadsheet choose “Save as” and the format CSV, then upload that file.'
		);
	}
	return { encoding, ...sniffDelimiter(text.slice(0, HEAD_CHARACTERS)) };
}

/** @throws UnreadableFile */
export async function* readRows(
	database: DatabaseClient,
	importId: string,
	format: FileFormat
): AsyncGenerator<FileRow> {
	const parser = parse({
		delimiter: format.delimiter,
		record_delimiter: ['\r\n', '\n', '\r'],
		relax_quotes: true,
		relax_column_count: true,
		skip_empty_lines: true,
		max_record_size: RECORD_CHARACTERS_MAX,
		info: true
	});
	// What goes wrong in it is thrown by the parser, which it destroys.
	const feeding = pipeline(Readable.from(readText(database, importId, format)), parser);
	feeding.catch(() => {});
	const linesBefore = format.skip > 0 ? 1 : 0;
	let row = 0;
	// The parser counts a CRLF within quotes as two lines.
	let overcounted = 0;
	try {
		for await (const { record, info } of parser as AsyncIterable<ParsedRecord>) {
			overcounted += count(record, /\r\n/g);
			if (record.every((cell) => cell.trim() === '')) continue;
			row++;
			const line = info.lines - overcounted - count(record, /\r\n|\n|\r/g) + linesBefore;
			yield { row, line, cells: record };
		}
	} catch (error) {
		throw error instanceof CsvError ? unreadable(error) : error;
	} finally {
		parser.destroy();
	}
}

function count(cells: string[], pattern: RegExp): number {
	return cells.reduce((sum, cell) => sum + (cell.match(pattern)?.length ?? 0), 0);
}

/** What csv-parse gives with `info`. */
interface ParsedRecord {
	record: string[];
	info: { lines: number };
}

async function* readText(
	database: DatabaseClient,
	importId: string,
	format: FileFormat
): AsyncGenerator<string> {
	const decoder = new TextDecoder(format.encoding);
	let skip = format.skip;
	for (let seq = 0; ; seq++) {
		const piece = await readPiece(database, importId, seq);
		const text = piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
		yield* cut(text.slice(skip));
		skip = Math.max(0, skip - text.length);
		if (!piece) return;
	}
}

const CUT_CHARACTERS = 32 * 1024;

/** Little at a time, so that others come between. */
function* cut(text: string): Generator<string> {
	for (let from = 0; from < text.length; from += CUT_CHARACTERS) {
		yield text.slice(from, from + CUT_CHARACTERS);
	}
}

async function readPiece(
	{ sql }: DatabaseClient,
	importId: string,
	seq: number
): Promise<Uint8Array | null> {
	const [piece] = await sql<{ bytes: Uint8Array }[]>`
		select bytes from contact_import_chunks where import_id = ${importId} and seq = ${seq}`;
	return piece?.bytes ?? null;
}

function unreadable({ code, message }: CsvError): UnreadableFile {
	const line = /line (\d+)/.exec(message)?.[1];
	const where = line ? ` near line ${line}` : '';
	if (code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE') {
		return new UnreadableFile(
			`A quotation mark is opened${where} and never closed. Close it and upload the file again.`
		);
	}
	return new UnreadableFile(
		`The file cannot be read${where}. Save it as CSV again and upload that file.`
	);
}
