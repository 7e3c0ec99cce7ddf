import type { Block } from '../credit/blocks';
import { guardCall, released, type Guard } from '../fraud/guard';
import type { Actor, PlaceCall } from './commands';
import { audited } from './facts';
import type { Decision } from './place';
import type { AppendedRows, Changes, LaneState, Organization } from './state';

/** A super admin lets an organisation call again that the toll-fraud guard stopped. */
export interface ReleaseGuard {
	kind: 'release_guard';
	organizationId: number;
	actor: Actor;
}

/** What the guard says of a call that is about to be placed, and what it remembers of a refused one. */
export function guardPlaced(
	organization: Organization,
	command: PlaceCall,
	promisedMicros: bigint,
	nowMs: number
): { block: Block | null; changes: Changes } {
	const { to, country, rate } = command;
	const call = { to, country, perMinuteMicros: rate.perMinuteMicros, promisedMicros };
	const { guard, name, liveCalls } = organization;
	const verdict = guardCall(guard, name, call, liveCalls, nowMs);
	if (verdict.block === null || verdict.guard === guard) {
		return { block: verdict.block, changes: {} };
	}
	const organizations = [{ ...organization, guard: verdict.guard }];
	const audit = verdict.tripped ? [tripped(organization.id, verdict.guard, nowMs)] : [];
	return { block: verdict.block, changes: { organizations, rows: { audit } } };
}

/** The breaker's own entry in the audit log: nobody pressed it. */
export function tripped(
	organizationId: number,
	{ tripReason }: Guard,
	nowMs: number
): AppendedRows['audit'][number] {
	return audited(organizationId, { kind: 'job' }, 'guard.trip', nowMs, {
		before: { paused: false },
		after: { paused: true, reason: tripReason }
	});
}

/** Somebody looked, and calling goes on. */
export function releaseGuard(
	state: LaneState,
	{ organizationId, actor }: ReleaseGuard,
	nowMs: number
): Decision<'release_guard'> {
	const organization = state.organizations.get(organizationId);
	if (!organization) return { result: { kind: 'unknown_organization' }, changes: {} };
	const { guard } = organization;
	if (guard.trippedAtMs === null) return { result: { kind: 'not_paused' }, changes: {} };
	const audit = audited(organizationId, actor, 'guard.release', nowMs, {
		before: { paused: true, reason: guard.tripReason },
		after: { paused: false }
	});
	return {
		result: { kind: 'released' },
		changes: {
			organizations: [{ ...organization, guard: released(guard) }],
			rows: { audit: [audit] }
		}
	};
}
