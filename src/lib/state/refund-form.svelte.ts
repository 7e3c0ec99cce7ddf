import type { TalktimeClient } from '$lib/trpc/client';
import type { PaymentView } from '$lib/views';
import { checkReason, RequestForm } from './request-form.svelte';

const DOLLARS = /^\d{1,7}(\.\d{1,2})?$/;

/** A refund of a payment being filled in; without an amount, all that is left goes back. */
export class RefundForm extends RequestForm<PaymentView> {
	amount = $state('');
	reason = $state('');
	protected readonly promise = 'Sending it again never refunds twice.';
	protected readonly fieldNames = ['amount', 'reason'];
	#client: TalktimeClient;
	#paymentId: string;

	constructor(client: TalktimeClient, paymentId: string) {
		super();
		this.#client = client;
		this.#paymentId = paymentId;
	}

	protected request(requestId: string): Promise<PaymentView> {
		const amount = this.amount.replace(/[$,\s]/g, '');
		return this.#client.admin.payments.refund.mutate({
			requestId,
			paymentId: this.#paymentId,
			reason: this.reason.trim(),
			...(amount !== '' && { amount })
		});
	}

	protected asSent(): string {
		return `${this.amount} ${this.reason}`;
	}

	protected check(): Record<string, string> {
		const reason = checkReason(this.reason);
		const amount = this.amount.replace(/[$,\s]/g, '');
		const isAmountOff = amount !== '' && (!DOLLARS.test(amount) || Number(amount) === 0);
		return {
			...(isAmountOff && {
				amount: 'Enter dollars such as 25 or 25.50, or leave it empty for all.'
			}),
			...(reason !== null && { reason })
		};
	}
}
