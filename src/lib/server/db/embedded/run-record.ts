import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { findProcessStartMark, isProcessAlive } from './processes';

/** Kept beside the data: the port to prefer next time, and the process that is to stop the server. */
const RunRecord = z.object({ port: z.number(), ownerPid: z.number(), ownerMark: z.string() });

/** False once the process that was to stop the server is gone, even if its id was given away. */
export function isOwnerAlive(dataDir: string): boolean {
	const record = findRunRecord(dataDir);
	if (!record || !isProcessAlive(record.ownerPid)) return false;
	return findProcessStartMark(record.ownerPid) === record.ownerMark;
}

export function findRunRecord(dataDir: string): z.infer<typeof RunRecord> | null {
	const file = runRecordPath(dataDir);
	if (!existsSync(file)) return null;
	try {
		return RunRecord.parse(JSON.parse(readFileSync(file, 'utf8')));
	} catch {
		return null;
	}
}

export function writeRunRecord(dataDir: string, port: number): void {
	const ownerMark = findProcessStartMark(process.pid) ?? '';
	const record = { port, ownerPid: process.pid, ownerMark };
	writeFileSync(runRecordPath(dataDir), `${JSON.stringify(record)}\n`);
}

function runRecordPath(dataDir: string): string {
	return path.join(dataDir, 'postgres-run.json');
}
