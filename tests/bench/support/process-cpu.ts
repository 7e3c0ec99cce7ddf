import { readdirSync, readFileSync } from 'node:fs';

/** Linux tells every program its times in hundredths of a second (USER_HZ). */
const TICK_MS = 10;

interface ProcessTimes {
	ownMs: number;
	/** Of children that have ended. */
	reapedMs: number;
}

/** CPU time of a process since it started; null where there is no /proc. */
export function findCpuMs(pid: number): number | null {
	return findTimes(pid)?.ownMs ?? null;
}

/** CPU time of a process and its children, those that have ended included. */
export function findFamilyCpuMs(pid: number): number | null {
	const parent = findTimes(pid);
	if (!parent) return null;
	const children = listChildren(pid).map((child) => findTimes(child)?.ownMs ?? 0);
	return parent.ownMs + parent.reapedMs + children.reduce((sum, ms) => sum + ms, 0);
}

/** CPU time of the whole machine that was not idle. */
export function findMachineBusyMs(): number | null {
	const line = findText('/proc/stat')?.split('\n')[0];
	if (!line) return null;
	// user nice system idle iowait irq softirq steal (proc(5))
	const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
	const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
	return (ticks.reduce((sum, count) => sum + count, 0) - idle) * TICK_MS;
}

function findTimes(pid: number): ProcessTimes | null {
	const text = findText(`/proc/${pid}/stat`);
	if (!text) return null;
	// The name in parentheses may hold spaces; the fields after it are counted from `state`.
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
	const ticksAt = (index: number) => Number(fields[index] ?? 0);
	return {
		ownMs: (ticksAt(11) + ticksAt(12)) * TICK_MS,
		reapedMs: (ticksAt(13) + ticksAt(14)) * TICK_MS
	};
}

function listChildren(pid: number): number[] {
	try {
		return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
			(findText(`/proc/${pid}/task/${thread}/children`) ?? '')
				.split(' ')
				.filter(Boolean)
				.map(Number)
		);
	} catch {
		return [];
	}
}

function findText(file: string): string | null {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return null;
	}
}
