/** The rules of accounts: who may get in, as what, and who says so. */
import { v7 as uuid } from 'uuid';
import { changePassword } from '$lib/server/account/change-password';
import { endSession } from '$lib/server/account/end-session';
import { getAccount } from '$lib/server/account/get-account';
import {
	confirmTotp,
	removeTotp,
	renewRecoveryCodes,
	startTotp
} from '$lib/server/account/totp-setup';
import { provePerson } from '$lib/server/auth/prove-person';
import { eraseMember } from '$lib/server/team/erase-member';
import { inviteMember } from '$lib/server/team/invite-member';
import { listInvitations } from '$lib/server/team/list-invitations';
import { listMembers } from '$lib/server/team/list-members';
import { resendInvitation } from '$lib/server/team/resend-invitation';
import { revokeInvitation } from '$lib/server/team/revoke-invitation';
import { setMemberActive } from '$lib/server/team/set-member-active';
import { setMemberRole } from '$lib/server/team/set-member-role';
import { ANY_KNOWN, FORBIDDEN, INVALID, NOT_YOURS, OK, same, type Rule } from './house-rule';

const NOT_FOUND = same('not_found');
const CONFLICT = same('conflict');

export const ACCOUNT_RULES: Rule[] = [
	{
		verb: 'getAccount',
		procedure: 'account.get',
		run: (ctx) => getAccount({ ctx }),
		superAdmin: OK,
		member: OK
	},
	{
		verb: 'changePassword with a wrong one',
		procedure: 'account.changePassword',
		run: (ctx) =>
			changePassword({ ctx, input: { currentPassword: 'wrong', password: 'plum lantern orbit' } }),
		superAdmin: INVALID,
		member: INVALID
	},
	{
		verb: 'endSession of somebody else or nobody',
		procedure: 'account.endSession',
		run: (ctx) => endSession({ ctx, input: { sessionId: uuid() } }),
		superAdmin: NOT_FOUND,
		member: NOT_FOUND
	},
	{
		verb: 'confirmTotp of nothing',
		procedure: 'account.confirmTotp',
		run: (ctx) => confirmTotp({ ctx, input: { code: '000000' } }),
		superAdmin: CONFLICT,
		member: CONFLICT
	},
	{
		verb: 'startTotp',
		procedure: 'account.startTotp',
		run: (ctx) => startTotp({ ctx }),
		superAdmin: OK,
		member: OK
	},
	{
		verb: 'removeTotp',
		procedure: 'account.removeTotp',
		run: (ctx) => removeTotp({ ctx }),
		superAdmin: OK,
		member: OK
	},
	{
		verb: 'renewRecoveryCodes without an authenticator',
		procedure: 'account.renewRecoveryCodes',
		run: (ctx) => renewRecoveryCodes({ ctx }),
		superAdmin: CONFLICT,
		member: CONFLICT
	},
	{
		verb: 'provePerson with a wrong password',
		procedure: 'account.prove',
		run: (ctx) => provePerson({ ctx, input: { password: 'wrong' } }),
		superAdmin: INVALID,
		member: INVALID
	},
	{
		verb: 'listMembers',
		procedure: 'team.members',
		run: (ctx, { organizationId }) => listMembers({ ctx, input: { organizationId } }),
		superAdmin: OK,
		member: NOT_YOURS,
		agent: FORBIDDEN
	},
	{
		verb: 'setMemberRole',
		procedure: 'team.setRole',
		run: (ctx, { organizationId, userId }) =>
			setMemberRole({ ctx, input: { organizationId, userId, role: 'manager' } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		agent: FORBIDDEN
	},
	{
		verb: 'setMemberRole of a person by id alone',
		run: (ctx, { userId }) => setMemberRole({ ctx, input: { userId, role: 'manager' } }),
		superAdmin: INVALID,
		member: ['ok', 'not_found', 'not_found'],
		agent: FORBIDDEN
	},
	{
		verb: 'setMemberActive',
		procedure: 'team.setActive',
		run: (ctx, { organizationId, userId }) =>
			setMemberActive({ ctx, input: { organizationId, userId, isActive: false } }),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		agent: FORBIDDEN
	},
	{
		verb: 'eraseMember who has access',
		procedure: 'team.erase',
		run: (ctx, { organizationId, userId, email }) =>
			eraseMember({ ctx, input: { organizationId, userId, confirmation: email } }),
		superAdmin: ['conflict', 'conflict', 'not_found'],
		member: ['conflict', 'forbidden', 'forbidden'],
		agent: FORBIDDEN
	},
	{
		verb: 'listInvitations',
		procedure: 'team.invitations',
		run: (ctx, { organizationId }) => listInvitations({ ctx, input: { organizationId } }),
		superAdmin: OK,
		member: NOT_YOURS,
		agent: FORBIDDEN
	},
	{
		verb: 'inviteMember',
		procedure: 'team.invite',
		run: (ctx, { organizationId }) =>
			inviteMember({
				ctx,
				input: { organizationId, email: `${uuid()}@talktime.test`, role: 'agent' }
			}),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		agent: FORBIDDEN
	},
	{
		verb: 'resendInvitation',
		procedure: 'team.resendInvitation',
		run: async (ctx, { organizationId, invitationId }) => {
			await resendInvitation({ ctx, input: { organizationId, invitationId } });
			await ctx.services.database.sql`
				update invitations set sent_at = sent_at - interval '1 hour'`;
		},
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		agent: FORBIDDEN
	},
	{
		verb: 'resendInvitation by id alone',
		run: (ctx, { invitationId }) => resendInvitation({ ctx, input: { invitationId } }),
		superAdmin: INVALID,
		member: ['ok', 'not_found', 'not_found'],
		agent: FORBIDDEN
	},
	{
		verb: 'revokeInvitation of another organisation or none',
		procedure: 'team.revokeInvitation',
		run: (ctx, { organizationId }) =>
			revokeInvitation({ ctx, input: { organizationId, invitationId: uuid() } }),
		superAdmin: ['not_found', 'not_found', 'not_found'],
		member: ['not_found', 'forbidden', 'forbidden'],
		agent: FORBIDDEN
	}
];
