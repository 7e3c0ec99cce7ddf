import type { PowerDialView } from '$lib/views';

/** Why leads were passed over: `Passed over: 2 do not call, 3 outside calling hours`; empty when none were. */
export function skippedWords({ skipped }: Pick<PowerDialView, 'skipped'>): string {
	const reasons: [number, string][] = [
		[skipped.byAgent, 'by you'],
		[skipped.doNotCall, 'do not call'],
		[skipped.hours, 'outside calling hours'],
		[skipped.done, 'done with'],
		[skipped.taken, 'called or promised already']
	];
	const said = reasons.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
	return said.length === 0 ? '' : `Passed over: ${said.join(', ')}`;
}
