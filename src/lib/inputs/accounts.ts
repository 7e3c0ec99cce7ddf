import { z } from 'zod';
import { id, isStorable, organizationId, text, wholeNumber } from './parts';

export const PASSWORD_LENGTH_MIN = 10;
export const PASSWORD_LENGTH_MAX = 200;
const LENGTH_SENTENCE = `password must have ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters.`;

export const email = z
	.string('email must be an e-mail address.')
	.trim()
	.pipe(
		z.email('email must be an e-mail address.').max(254, 'email must be at most 254 characters.')
	);

export const newPassword = z
	.string(LENGTH_SENTENCE)
	.refine(isStorable, 'password must not contain the character U+0000.')
	.min(PASSWORD_LENGTH_MIN, LENGTH_SENTENCE)
	.max(PASSWORD_LENGTH_MAX, LENGTH_SENTENCE);

/** A password as it is typed to be checked: any that could have been set. */
const typedPassword = z
	.string('password must be a text.')
	.min(1, 'Enter your password.')
	.max(1024, 'password must have at most 1,024 characters.');

/** What a mailed link carries. */
const linkToken = z.string('The link is not whole.').min(1).max(200);

/** Of an authenticator, or a recovery code. */
const code = z
	.string('code must be a text.')
	.trim()
	.min(1, 'Enter the code.')
	.max(40, 'code must have at most 40 characters.');

export const ProveInput = z.union([z.object({ password: typedPassword }), z.object({ code })]);
export type ProveInput = z.infer<typeof ProveInput>;

export const ConfirmTotpInput = z.object({ code });
export type ConfirmTotpInput = z.infer<typeof ConfirmTotpInput>;

export const ChangePasswordInput = z.object({
	currentPassword: typedPassword,
	password: newPassword
});
export type ChangePasswordInput = z.infer<typeof ChangePasswordInput>;

/** Without a session: all but this one. */
export const EndSessionInput = z.object({ sessionId: id('sessionId').optional() });
export type EndSessionInput = z.infer<typeof EndSessionInput>;

export const PasswordResetRequestInput = z.object({ email });
export type PasswordResetRequestInput = z.infer<typeof PasswordResetRequestInput>;

export const ResetPasswordInput = z.object({ token: linkToken, password: newPassword });
export type ResetPasswordInput = z.infer<typeof ResetPasswordInput>;

const memberRole = z.enum(['manager', 'agent'], 'role must be manager or agent.');

/** `organizationId` is needed of a super admin, who belongs to no organisation. */
const ofOrganization = { organizationId: organizationId.optional() };

export const ListMembersInput = z.object({
	...ofOrganization,
	cursor: id('cursor').optional(),
	limit: wholeNumber('limit', 1, 200).default(100)
});
export type ListMembersInput = z.input<typeof ListMembersInput>;

export const SetMemberRoleInput = z.object({
	...ofOrganization,
	userId: id('userId'),
	role: memberRole
});
export type SetMemberRoleInput = z.infer<typeof SetMemberRoleInput>;

export const SetMemberActiveInput = z.object({
	...ofOrganization,
	userId: id('userId'),
	isActive: z.boolean('isActive must be true or false.')
});
export type SetMemberActiveInput = z.infer<typeof SetMemberActiveInput>;

export const EraseMemberInput = z.object({
	...ofOrganization,
	userId: id('userId').optional(),
	/** The member's address, typed by the person who erases. */
	confirmation: z
		.string('confirmation must be the e-mail address of the member.')
		.refine(isStorable, 'confirmation must not contain the character U+0000.')
		.max(320, 'confirmation must be the e-mail address of the member.')
});
export type EraseMemberInput = z.infer<typeof EraseMemberInput>;

export const ListInvitationsInput = z.object(ofOrganization);
export type ListInvitationsInput = z.infer<typeof ListInvitationsInput>;

export const InviteMemberInput = z.object({ ...ofOrganization, email, role: memberRole });
export type InviteMemberInput = z.infer<typeof InviteMemberInput>;

export const InvitationInput = z.object({ ...ofOrganization, invitationId: id('invitationId') });
export type InvitationInput = z.infer<typeof InvitationInput>;

export const AcceptInvitationInput = z.object({
	token: linkToken,
	name: text('name', 1, 120),
	password: newPassword
});
export type AcceptInvitationInput = z.infer<typeof AcceptInvitationInput>;

export const FirstAdminInput = z.object({
	token: linkToken,
	name: text('name', 1, 120),
	email,
	password: newPassword
});
export type FirstAdminInput = z.infer<typeof FirstAdminInput>;
