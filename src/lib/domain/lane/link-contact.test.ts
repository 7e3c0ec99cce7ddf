import { describe, expect, it } from 'vitest';
import { getCall, run } from '../../../../tests/fixtures/lane';
import { bound } from '../../../../tests/fixtures/lane-steps';

const link = (organizationId: number, callId = 'call-1') =>
	({
		kind: 'link_contact',
		callId,
		organizationId,
		contact: { id: 'contact-9', name: 'Priya Nair' }
	}) as const;

describe('given a call whose contact became known', () => {
	it('when it is linked, then the call has the contact and nothing else changes', () => {
		const state = bound();
		const call = getCall(state);
		const { result, changes } = run(state, link(call.organizationId));
		expect(result).toEqual({ kind: 'linked' });
		expect(Object.keys(changes)).toEqual(['calls']);
		expect(getCall(state)).toEqual({
			...call,
			contactId: 'contact-9',
			contactName: 'Priya Nair',
			liveSeq: getCall(state).liveSeq
		});
		expect(run(state, link(call.organizationId)).changes).toEqual({});
	});

	it('when another organisation names it, or nobody knows it, then nothing changes', () => {
		const state = bound();
		const { organizationId } = getCall(state);
		for (const command of [link(organizationId + 1), link(organizationId, 'call-9')]) {
			expect(run(state, command)).toMatchObject({ result: { kind: 'unknown_call' }, changes: {} });
		}
	});
});
