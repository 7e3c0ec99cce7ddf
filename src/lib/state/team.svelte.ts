import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { InvitationLinkView, InvitationView, MembersView, MemberView } from '$lib/views';

/** The people of an organization and those invited, as the page shows them. */
export class Team {
	#client: TalktimeClient;
	/** Of a super admin, who belongs to no organization. */
	#organizationId: number | undefined;
	#members = $state.raw<MemberView[]>([]);
	#nextCursor = $state.raw<string | null>(null);
	#invitations = $state.raw<InvitationView[]>([]);
	#isBusy = $state(false);

	constructor(
		client: TalktimeClient,
		first: { members: MembersView; invitations: InvitationView[] },
		organizationId?: number
	) {
		this.#client = client;
		this.#organizationId = organizationId;
		this.#members = first.members.members;
		this.#nextCursor = first.members.nextCursor;
		this.#invitations = first.invitations;
	}

	get members(): MemberView[] {
		return this.#members;
	}

	get hasMore(): boolean {
		return this.#nextCursor !== null;
	}

	get invitations(): InvitationView[] {
		return this.#invitations;
	}

	get isBusy(): boolean {
		return this.#isBusy;
	}

	/** Returns null when it is done, else why it is not. */
	readMore(): Promise<string | null> {
		return this.#change(async () => {
			const cursor = this.#nextCursor ?? undefined;
			const page = await this.#client.team.members.query({ ...this.#named, cursor });
			this.#members = [...this.#members, ...page.members];
			this.#nextCursor = page.nextCursor;
		});
	}

	setRole({ id }: MemberView, role: MemberView['role']): Promise<string | null> {
		return this.#change(async () => {
			await this.#client.team.setRole.mutate({ ...this.#named, userId: id, role });
			this.#put(id, { role, lastSeenAt: null });
		});
	}

	setActive({ id }: MemberView, isActive: boolean): Promise<string | null> {
		return this.#change(async () => {
			await this.#client.team.setActive.mutate({ ...this.#named, userId: id, isActive });
			this.#put(id, { isActive, lastSeenAt: null });
		});
	}

	/** Who erases loads the page anew, so that this window forgets the person too. */
	erase({ id }: MemberView, confirmation: string): Promise<string | null> {
		return this.#change(async () => {
			await this.#client.team.erase.mutate({ ...this.#named, userId: id, confirmation });
		});
	}

	/** Puts an invitation that was made in front. */
	hear({ invitation }: InvitationLinkView): void {
		this.#invitations = [invitation, ...this.#invitations.filter(({ id }) => id !== invitation.id)];
	}

	/** Returns the new link, or why there is none. */
	async resend(invitation: InvitationView): Promise<InvitationLinkView | string> {
		let made: InvitationLinkView | null = null;
		const problem = await this.#change(async () => {
			const input = { ...this.#named, invitationId: invitation.id };
			made = await this.#client.team.resendInvitation.mutate(input);
		});
		if (made === null) return problem ?? '';
		this.hear(made);
		return made;
	}

	revoke({ id }: InvitationView): Promise<string | null> {
		return this.#change(async () => {
			await this.#client.team.revokeInvitation.mutate({ ...this.#named, invitationId: id });
			this.#invitations = this.#invitations.filter((one) => one.id !== id);
		});
	}

	get #named(): { organizationId?: number } {
		return this.#organizationId === undefined ? {} : { organizationId: this.#organizationId };
	}

	#put(id: string, changes: Partial<MemberView>): void {
		this.#members = this.#members.map((one) => (one.id === id ? { ...one, ...changes } : one));
	}

	async #change(send: () => Promise<void>): Promise<string | null> {
		this.#isBusy = true;
		try {
			await send();
			return null;
		} catch (thrown) {
			return readRefusal(thrown).message;
		} finally {
			this.#isBusy = false;
		}
	}
}
