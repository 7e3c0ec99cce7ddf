import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '$lib/inputs';
import type { TalktimeClient } from '$lib/trpc/client';
import { RequestForm } from './request-form.svelte';

/** One's own password being changed. */
export class PasswordForm extends RequestForm<{ isChanged: true }> {
	currentPassword = $state('');
	password = $state('');
	protected readonly promise = 'Try to sign in with the new one before you change it again.';
	protected readonly fieldNames = ['currentPassword', 'password'];
	#client: TalktimeClient;

	constructor(client: TalktimeClient) {
		super();
		this.#client = client;
	}

	protected request(): Promise<{ isChanged: true }> {
		const { currentPassword, password } = this;
		return this.#client.account.changePassword.mutate({ currentPassword, password });
	}

	protected asSent(): string {
		return `${this.currentPassword} ${this.password}`;
	}

	protected check(): Record<string, string> {
		const { length } = this.password;
		const fits = length >= PASSWORD_LENGTH_MIN && length <= PASSWORD_LENGTH_MAX;
		return {
			...(this.currentPassword === '' && { currentPassword: 'Enter the password you have now.' }),
			...(!fits && {
				password: `Choose ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters.`
			})
		};
	}
}
