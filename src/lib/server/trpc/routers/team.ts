import {
	EraseMemberInput,
	InvitationInput,
	InviteMemberInput,
	ListInvitationsInput,
	ListMembersInput,
	SetMemberActiveInput,
	SetMemberRoleInput
} from '$lib/inputs';
import { eraseMember } from '../../team/erase-member';
import { inviteMember } from '../../team/invite-member';
import { listInvitations } from '../../team/list-invitations';
import { listMembers } from '../../team/list-members';
import { resendInvitation } from '../../team/resend-invitation';
import { revokeInvitation } from '../../team/revoke-invitation';
import { setMemberActive } from '../../team/set-member-active';
import { setMemberRole } from '../../team/set-member-role';
import { allowed, router } from '../init';

export const teamRouter = router({
	members: allowed('team.read')
		.input(ListMembersInput)
		.query(({ ctx, input }) => listMembers({ ctx, input })),
	setRole: allowed('team.write')
		.input(SetMemberRoleInput)
		.mutation(({ ctx, input }) => setMemberRole({ ctx, input })),
	erase: allowed('team.erase')
		.input(EraseMemberInput)
		.mutation(({ ctx, input }) => eraseMember({ ctx, input })),
	setActive: allowed('team.write')
		.input(SetMemberActiveInput)
		.mutation(({ ctx, input }) => setMemberActive({ ctx, input })),
	invitations: allowed('team.read')
		.input(ListInvitationsInput)
		.query(({ ctx, input }) => listInvitations({ ctx, input })),
	invite: allowed('team.write')
		.input(InviteMemberInput)
		.mutation(({ ctx, input }) => inviteMember({ ctx, input })),
	resendInvitation: allowed('team.write')
		.input(InvitationInput)
		.mutation(({ ctx, input }) => resendInvitation({ ctx, input })),
	revokeInvitation: allowed('team.write')
		.input(InvitationInput)
		.mutation(({ ctx, input }) => revokeInvitation({ ctx, input }))
});
