/**
 * Rows as lines of a CSV, made by the server: half of what it costs to make them of values here. A null is an empty
 * cell; quotes stand where separators, quotes or line ends are.
 */
import { finished } from 'node:stream/promises';
import type postgres from 'postgres';
import { inline, type Inline } from './inline';
import { inTurns } from './turns';
import { endTransaction } from './prepared';

/** In this process, whoever asks: pages need connections too. */
const inTurn = inTurns(2);
/** Larger pieces need fresh memory each, and that costs more than their number. */
const PIECE_BYTES = 65_536;

/**
 * Runs in a transaction of its own that can only read.
 * @param settings what is set for the transaction first
 * @returns all lines, in pieces of some size that may end within a line
 */
export function copyOut(
	pool: postgres.Sql,
	settings: string,
	query: Inline
): Promise<Uint8Array[]> {
	return inTurn(() => copy(pool, settings, query));
}

/** The setting whose times are those of a zone. */
export function inZone(timezone: string): string {
	return inline`set local timezone to ${timezone}`.text;
}

async function copy(pool: postgres.Sql, settings: string, query: Inline): Promise<Uint8Array[]> {
	const connection = await pool.reserve();
	const pieces = new Pieces();
	try {
		const lines = await connection
			.unsafe(`begin read only; ${settings}; copy (${query.text}) to stdout (format csv)`)
			.readable();
		lines.on('data', (bytes: Buffer) => pieces.add(bytes));
		await finished(lines);
	} catch (error) {
		await endTransaction(connection, 'rollback').catch(() => {});
		throw error;
	}
	await endTransaction(connection, 'commit');
	return pieces.all();
}

/** Joins what comes in small parts. */
class Pieces {
	private readonly full: Uint8Array[] = [];
	private parts: Buffer[] = [];
	private bytes = 0;

	add(part: Buffer): void {
		if (this.bytes + part.length > PIECE_BYTES) this.join();
		this.parts.push(part);
		this.bytes += part.length;
	}

	all(): Uint8Array[] {
		this.join();
		return this.full;
	}

	private join(): void {
		if (this.bytes > 0) this.full.push(Buffer.concat(this.parts, this.bytes));
		this.parts = [];
		this.bytes = 0;
	}
}
