import { v7 as uuid } from 'uuid';
import { IMPORT_BYTES_MAX, IMPORT_PIECE_BYTES } from '$lib/domain/contacts/import-limits';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';

const ATTEMPTS_MAX = 4;
const PAUSE_MS = 800;

/** A file on its way to the server, piece by piece, so that a lost connection costs one piece. */
export class ContactUpload {
	#client: TalktimeClient;
	#fileName = $state<string | null>(null);
	#share = $state(0);
	#step = $state<'idle' | 'sending' | 'reading'>('idle');
	#problem = $state<string | null>(null);

	constructor(client: TalktimeClient) {
		this.#client = client;
	}

	get fileName(): string | null {
		return this.#fileName;
	}

	/** From 0 to 1. */
	get share(): number {
		return this.#share;
	}

	get step(): 'idle' | 'sending' | 'reading' {
		return this.#step;
	}

	get problem(): string | null {
		return this.#problem;
	}

	/** Sends a file. Returns the id of its import, or null when it did not go. */
	async send(file: File): Promise<string | null> {
		if (this.#step !== 'idle') return null;
		this.#problem = checkFile(file);
		if (this.#problem !== null) return null;
		this.#fileName = file.name;
		this.#share = 0;
		this.#step = 'sending';
		try {
			const { id } = await this.#client.contacts.imports.startUpload.mutate({
				requestId: uuid(),
				fileName: file.name.slice(-255),
				byteSize: file.size
			});
			const pieces = Math.ceil(file.size / IMPORT_PIECE_BYTES);
			for (let seq = 0; seq < pieces; seq++) {
				const from = seq * IMPORT_PIECE_BYTES;
				await sendPiece(id, seq, file.slice(from, from + IMPORT_PIECE_BYTES));
				this.#share = (seq + 1) / pieces;
			}
			this.#step = 'reading';
			await this.#client.contacts.imports.finishUpload.mutate({ importId: id });
			return id;
		} catch (thrown) {
			this.#problem = thrown instanceof PieceRefused ? thrown.message : readRefusal(thrown).message;
			return null;
		} finally {
			this.#step = 'idle';
		}
	}
}

class PieceRefused extends Error {}

async function sendPiece(importId: string, seq: number, body: Blob): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		const answer = await fetch(`/api/contacts/imports/${importId}/pieces/${seq}`, {
			method: 'PUT',
			headers: { 'content-type': 'application/octet-stream' },
			body
		}).catch(() => null);
		if (answer?.ok) return;
		const isWorthAnother = answer === null || answer.status >= 500 || answer.status === 429;
		if (!isWorthAnother || attempt === ATTEMPTS_MAX) {
			const said: unknown = await answer?.json().catch(() => null);
			throw new PieceRefused(
				messageIn(said) ??
					'The file was not uploaded: the connection was lost. Check it, then choose the file again.'
			);
		}
		await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
	}
}

function messageIn(said: unknown): string | null {
	if (typeof said !== 'object' || said === null || !('error' in said)) return null;
	const { error } = said;
	const isSaid = typeof error === 'object' && error !== null && 'message' in error;
	return isSaid && typeof error.message === 'string' ? error.message : null;
}

function checkFile(file: File): string | null {
	if (file.size === 0) return `${file.name} is empty. Choose a file with contacts in it.`;
	if (file.size > IMPORT_BYTES_MAX) {
		return `${file.name} is larger than ${IMPORT_BYTES_MAX / 1024 / 1024} MB. Split it and import the parts one after the other.`;
	}
	if (/\.(xlsx?|ods|numbers)$/i.test(file.name)) {
		return `${file.name} is a spreadsheet. Open it, choose “Save as” and the format CSV, then choose that file.`;
	}
	return null;
}
