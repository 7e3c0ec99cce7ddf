import { InviteMemberInput } from '$lib/inputs';
import type { TalktimeClient } from '$lib/trpc/client';
import type { InvitationLinkView, MemberView } from '$lib/views';
import { RequestForm } from './request-form.svelte';

/** One invitation being written. */
export class InviteForm extends RequestForm<InvitationLinkView> {
	email = $state('');
	role = $state<MemberView['role']>('agent');
	protected readonly promise = 'Look into the list of invitations before you send it again.';
	protected readonly fieldNames = ['email', 'role'];
	#client: TalktimeClient;
	#organizationId: number | undefined;

	constructor(client: TalktimeClient, organizationId: number | undefined) {
		super();
		this.#client = client;
		this.#organizationId = organizationId;
	}

	protected request(): Promise<InvitationLinkView> {
		return this.#client.team.invite.mutate({
			email: this.email.trim(),
			role: this.role,
			...(this.#organizationId !== undefined && { organizationId: this.#organizationId })
		});
	}

	protected asSent(): string {
		return `${this.email} ${this.role}`;
	}

	protected check(): Record<string, string> {
		const isAddress = InviteMemberInput.shape.email.safeParse(this.email).success;
		return isAddress ? {} : { email: 'Enter an e-mail address, such as nora@example.com.' };
	}
}
