import type { SetActive } from './commands';
import { audited } from './facts';
import type { Decision } from './place';
import type { Changes, LaneState } from './state';

/**
 * Switches calling on or off. Off refuses new calls from this moment. Live calls go on under
 * `block_new`, end with their slice under `drain`, and at once under `cut_now`: the meter sees to it.
 */
export function setActive(
	state: LaneState,
	command: SetActive,
	nowMs: number
): Decision<'set_active'> {
	const organization = state.organizations.get(command.organizationId);
	if (!organization) return { result: { kind: 'unknown_organization' }, changes: {} };
	const deactivationPolicy = command.policy ?? organization.deactivationPolicy;
	const isSame =
		organization.isActive === command.isActive &&
		organization.deactivationPolicy === deactivationPolicy;
	if (isSame) return { result: { kind: 'unchanged' }, changes: {} };
	const changes: Changes = {
		organizations: [{ ...organization, isActive: command.isActive, deactivationPolicy }],
		rows: {
			audit: [
				audited(organization.id, command.actor, 'organization.set_active', nowMs, {
					before: {
						isActive: organization.isActive,
						policy: organization.deactivationPolicy
					},
					after: { isActive: command.isActive, policy: deactivationPolicy }
				})
			]
		}
	};
	return { result: { kind: 'switched' }, changes };
}
