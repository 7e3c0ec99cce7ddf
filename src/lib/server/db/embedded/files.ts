import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export function findFileText(file: string): string | null {
	try {
		return readFileSync(file, 'utf8').trim() || null;
	} catch {
		return null;
	}
}

/** Writes the file once, readable by its owner alone; whoever comes second reads the first's text. */
export function ensureSecretFile(file: string, makeText: () => string): string {
	const existing = findFileText(file);
	if (existing) return existing;
	const text = makeText();
	try {
		writeFileSync(file, `${text}\n`, { mode: 0o600, flag: 'wx' });
		return text;
	} catch {
		const first = findFileText(file);
		if (first) return first;
		// A crash between create and write leaves an empty file.
		writeFileSync(file, `${text}\n`, { mode: 0o600 });
		return text;
	}
}

/** Makes the directory and missing ones above it enterable by the server's account, whatever umask. */
export function ensureOpenDirectory(directory: string): void {
	if (existsSync(directory)) return;
	ensureOpenDirectory(path.dirname(directory));
	mkdirSync(directory, { recursive: true });
	chmodSync(directory, 0o755);
}
