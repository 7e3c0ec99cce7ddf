/** How a planted bug gets at a decision: at what it is told, at what it sees, at what it answers. */
import type { Command, Result } from '$lib/domain/lane/commands';
import type { Changes, LaneState, Organization } from '$lib/domain/lane/state';
import type { Decide } from './planted-bugs';

type Decision = { result: Result; changes: Changes };

/** Changes what a decision says. */
export function after(
	change: (decision: Decision, state: LaneState, command: Command) => Changes
): (real: Decide) => Decide {
	return (real) => (state, command, nowMs) => {
		const decision = real(state, command, nowMs);
		return { ...decision, changes: change(decision, state, command) };
	};
}

/** Changes what a decision is told. */
export function before(
	change: (command: Command, state: LaneState) => Command
): (real: Decide) => Decide {
	return (real) => (state, command, nowMs) => real(state, change(command, state), nowMs);
}

/** Shows a decision another state than there is. */
export function blind(
	change: (state: LaneState, command: Command, nowMs: number) => LaneState
): (real: Decide) => Decide {
	return (real) => (state, command, nowMs) => real(change(state, command, nowMs), command, nowMs);
}

export function eachOrganization(
	changes: Changes,
	change: (organization: Organization) => Organization
): Changes {
	return { ...changes, organizations: changes.organizations?.map(change) };
}

export function withLots(
	state: LaneState,
	change: (lot: Organization['credit']['lots'][number]) => Organization['credit']['lots'][number]
): LaneState {
	const organizations = [...state.organizations].map(([id, organization]) => {
		const { credit } = organization;
		return [id, { ...organization, credit: { ...credit, lots: credit.lots.map(change) } }] as const;
	});
	return { ...state, organizations: new Map(organizations) };
}

export function isEnd(status: string | null): boolean {
	return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** A call that has ended looks as if it still talked. */
export function revived(state: LaneState, callId: string | undefined): LaneState {
	const call = state.calls.get(callId ?? '');
	if (!call || call.endedAtMs === null) return state;
	const alive = { ...call, status: 'in_progress' as const, endedAtMs: null };
	return { ...state, calls: new Map(state.calls).set(call.id, alive) };
}

export function hasEnded({ changes }: Decision): boolean {
	return changes.calls?.some((call) => call.endedAtMs !== null) === true && isSettling(changes);
}

export function isSettling(changes: Changes): boolean {
	return changes.holds?.some((hold) => hold.state !== 'open') === true;
}

/** The talk a command tells of, made longer or shorter. */
export function withTalk(command: Command, change: (seconds: number) => number): Command {
	if (command.kind === 'apply_delivery' && command.event.talkSeconds !== null) {
		const talkSeconds = change(command.event.talkSeconds);
		return { ...command, event: { ...command.event, talkSeconds } };
	}
	if (command.kind !== 'apply_sweep' || command.finding.kind !== 'event') return command;
	const { event } = command.finding;
	if (event.talkSeconds === null) return command;
	const talkSeconds = change(event.talkSeconds);
	return { ...command, finding: { kind: 'event', event: { ...event, talkSeconds } } };
}

/** Which call a delivery is about, as the lane finds it. */
export function callIdOf(state: LaneState, command: Command): string | undefined {
	if (command.kind === 'apply_sweep') return command.callId;
	if (command.kind !== 'apply_delivery') return undefined;
	const { provider, providerCallId, callId } = command.event;
	return state.callIdByProviderCall.get(`${provider}:${providerCallId}`) ?? callId ?? undefined;
}
