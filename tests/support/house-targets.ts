/** Things of an organisation that rules are about: its own, another's, and ones that nobody has. */
import { v7 as uuid } from 'uuid';
import { setBudget } from '$lib/server/budgets/set-budget';
import { startUpload } from '$lib/server/contact-imports/start-upload';
import { scheduleAllocation } from '$lib/server/minutes/schedule-allocation';
import { inviteMember } from '$lib/server/team/invite-member';
import type { House, Tenant } from './house';
import type { Target, Whose } from './house-rule';

export async function targetsOf(
	house: House,
	mine: Tenant,
	theirs: Tenant
): Promise<Record<Whose, Target>> {
	return {
		own: { ...(await thingsOf(house, mine)), isOwn: true },
		foreign: await thingsOf(house, theirs),
		unknown: {
			organizationId: 2_147_483_000,
			callId: uuid(),
			contactId: uuid(),
			listId: uuid(),
			allocationId: uuid(),
			userId: uuid(),
			budgetId: uuid(),
			scheduleId: uuid(),
			invitationId: uuid(),
			recordingId: uuid(),
			endpointId: uuid(),
			campaignId: uuid(),
			importId: uuid(),
			email: 'nobody@talktime.test',
			isOwn: false
		}
	};
}

async function thingsOf(house: House, tenant: Tenant): Promise<Target> {
	const { callId } = await house.placeBound(tenant.id);
	const listId = uuid();
	await house.sql`insert into lead_lists (id, organization_id, name) values (${listId}, ${tenant.id}, 'List')`;
	const contactId = await house.createContact(tenant.id);
	const allocationId = await house.allocate(tenant.id, 5);
	const { email, userId } = tenant.agent;
	const { id: budgetId } = await setBudget({
		ctx: house.as(tenant.manager),
		input: { scope: 'user', subjectId: tenant.manager.userId, period: 'month', limitMinutes: 600 }
	});
	const organizationId = tenant.id;
	const { id: scheduleId } = await scheduleAllocation({
		ctx: house.commandLine(),
		input: {
			requestId: uuid(),
			organizationId,
			minutes: 5,
			reason: 'for a test',
			when: { kind: 'once', at: '2026-12-01' }
		}
	});
	const recordingId = uuid();
	await house.sql`
		insert into recordings (id, organization_id, call_id, provider, key, source_url, state)
		values (${recordingId}, ${organizationId}, ${callId}, 'twilio', ${recordingId}, 'https://api.twilio.com/r', 'pending')`;
	const { invitation } = await inviteMember({
		ctx: house.commandLine(),
		input: { organizationId, email: `${uuid()}@talktime.test`, role: 'agent' }
	});
	await house.sql`update invitations set sent_at = sent_at - interval '1 hour'`;
	const invitationId = invitation.id;
	const campaignId = uuid();
	await house.sql`insert into campaigns (id, organization_id, name, status)
		values (${campaignId}, ${organizationId}, 'Spring', 'running')`;
	const endpointId = uuid();
	await house.sql`
		insert into webhook_endpoints (id, organization_id, url, secret)
		values (${endpointId}, ${organizationId}, 'https://example.com/', 'whsec_AAAA')`;
	const { id: importId } = await startUpload({
		ctx: house.as(tenant.manager),
		input: { requestId: uuid(), fileName: 'leads.csv', byteSize: 6 }
	});
	const ids = {
		importId,
		endpointId,
		invitationId,
		campaignId,
		scheduleId,
		recordingId,
		callId,
		contactId,
		listId,
		allocationId,
		userId,
		budgetId
	};
	return { organizationId, ...ids, email, isOwn: false };
}
