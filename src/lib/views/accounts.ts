import type { Role } from '../domain/permissions';

/** Somebody who belongs, or belonged, to an organisation. */
export interface MemberView {
	id: string;
	name: string;
	email: string;
	role: Exclude<Role, 'super_admin'>;
	isActive: boolean;
	/** Nobody knows any more who it was. */
	isErased: boolean;
	hasTotp: boolean;
	/** Null: not signed in now. */
	lastSeenAt: string | null;
	createdAt: string;
}

export interface MembersView {
	members: MemberView[];
	/** Where the next page begins; null at the end. */
	nextCursor: string | null;
}

/** A place that was offered and not taken yet. */
export interface InvitationView {
	id: string;
	email: string;
	role: Exclude<Role, 'super_admin'>;
	/** Null: from the command line. */
	invitedBy: string | null;
	sentAt: string;
	expiresAt: string;
}

/** An invitation with its link, which is known only now: nothing but its hash is kept. */
export interface InvitationLinkView {
	invitation: InvitationView;
	link: string;
	/** False: there is no mail server, so the link has to be handed over. */
	isMailed: boolean;
}

/** What whoever holds the link may see. */
export interface OpenInvitationView {
	organizationName: string;
	email: string;
	role: Exclude<Role, 'super_admin'>;
	expiresAt: string;
}

/** A browser that is signed in. */
export interface SessionView {
	id: string;
	isCurrent: boolean;
	/** Null: a proxy did not say. */
	address: string | null;
	userAgent: string | null;
	lastSeenAt: string;
	createdAt: string;
}

/** A person's own account. */
export interface AccountView {
	name: string;
	email: string;
	hasTotp: boolean;
	recoveryCodesLeft: number;
	passwordChangedAt: string | null;
	sessions: SessionView[];
}

/** What an authenticator app is given. */
export interface TotpSetupView {
	secret: string;
	uri: string;
	/** The address as a picture, an SVG made by the server. */
	qrSvg: string;
}

/** Told once: only hashes are kept. */
export interface RecoveryCodesView {
	recoveryCodes: string[];
}

/** What a new platform has already. */
export interface SetupChecklistView {
	hasProvider: boolean;
	hasStripe: boolean;
	hasMail: boolean;
	hasOrganization: boolean;
	hasPeople: boolean;
	hasMinutes: boolean;
	hasCall: boolean;
	/** The public address, as webhooks are given it. */
	origin: string;
}
