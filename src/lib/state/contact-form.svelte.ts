import { CONTACT_FIELDS, type ContactField } from '$lib/domain/contacts/fields';
import type { TalktimeClient } from '$lib/trpc/client';
import type { ContactView } from '$lib/views';
import { RequestForm } from './request-form.svelte';

/** A contact being added or changed. Only what was changed is sent. */
export class ContactForm extends RequestForm<ContactView> {
	values = $state<Record<ContactField, string>>(emptyValues());
	protected readonly promise = 'Sending it again changes nothing twice.';
	protected readonly fieldNames = CONTACT_FIELDS;
	#client: TalktimeClient;
	#changed: ContactView | null;

	/** @param changed the contact to change; null adds one */
	constructor(
		client: TalktimeClient,
		changed: ContactView | null,
		given: Partial<Record<ContactField, string>> = {}
	) {
		super();
		this.#client = client;
		this.#changed = changed;
		for (const field of CONTACT_FIELDS) {
			this.values[field] = changed?.[field] ?? given[field] ?? '';
		}
	}

	protected request(requestId: string): Promise<ContactView> {
		const { contacts } = this.#client;
		const changed = this.#changed;
		if (!changed) return contacts.create.mutate({ requestId, ...$state.snapshot(this.values) });
		const different = CONTACT_FIELDS.filter(
			(field) => this.values[field].trim() !== (changed[field] ?? '')
		);
		const next = Object.fromEntries(different.map((field) => [field, this.values[field]]));
		return contacts.update.mutate({ contactId: changed.id, ...next });
	}

	protected asSent(): string {
		return JSON.stringify(this.values);
	}

	protected check(): Record<string, string> {
		return {
			...(this.values.name.trim() === '' && { name: 'Enter a name.' }),
			...(this.values.phone.trim() === '' && { phone: 'Enter a phone number.' })
		};
	}
}

function emptyValues(): Record<ContactField, string> {
	const pairs = CONTACT_FIELDS.map((field) => [field, '']);
	return Object.fromEntries(pairs) as Record<ContactField, string>; // every field was just named
}
