import type { LinkContact } from './commands';
import type { Decision } from './place';
import type { LaneState } from './state';

/**
 * Says whose number a call went to. The contact and the call are of the organisation that the command names, or
 * nothing happens. No credit moves.
 */
export function linkContact(state: LaneState, command: LinkContact): Decision<'link_contact'> {
	const call = state.calls.get(command.callId);
	if (!call || call.organizationId !== command.organizationId) {
		return { result: { kind: 'unknown_call' }, changes: {} };
	}
	const { id, name } = command.contact;
	if (call.contactId === id) return { result: { kind: 'linked' }, changes: {} };
	return {
		result: { kind: 'linked' },
		changes: { calls: [{ ...call, contactId: id, contactName: name }] }
	};
}
