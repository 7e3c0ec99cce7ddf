import type { BudgetPeriod } from '$lib/domain/credit/budgets';
import type { TalktimeClient } from '$lib/trpc/client';
import type { BudgetSubjectView, BudgetView } from '$lib/views';
import { readMinutes, RequestForm } from './request-form.svelte';

const MINUTES_MAX = 1_000_000;

/** One budget being added or changed. */
export class BudgetForm extends RequestForm<BudgetView> {
	/** Id of the person or campaign. */
	subjectId = $state('');
	period = $state<BudgetPeriod>('day');
	amount = $state('');
	protected readonly promise = 'Sending it again sets the same budget.';
	protected readonly fieldNames = ['limitMinutes', 'subjectId'];
	#client: TalktimeClient;
	#subjects: () => BudgetSubjectView[];

	constructor(
		client: TalktimeClient,
		subjects: () => BudgetSubjectView[],
		changed: BudgetView | null
	) {
		super();
		this.#client = client;
		this.#subjects = subjects;
		if (!changed) return;
		this.subjectId = changed.subjectId;
		this.period = changed.period;
		this.amount = String(changed.limitMinutes);
	}

	/** The amount when it is one that can be set. */
	get minutes(): number | null {
		return readMinutes(this.amount, MINUTES_MAX);
	}

	get subject(): BudgetSubjectView | null {
		return this.#subjects().find(({ id }) => id === this.subjectId) ?? null;
	}

	protected request(): Promise<BudgetView> {
		return this.#client.budgets.set.mutate({
			scope: this.subject?.scope ?? 'user',
			subjectId: this.subjectId,
			period: this.period,
			limitMinutes: this.minutes ?? 0
		});
	}

	protected asSent(): string {
		return `${this.subjectId} ${this.period} ${this.minutes}`;
	}

	protected check(): Record<string, string> {
		return {
			...(this.subject === null && { subjectId: 'Choose a person or a campaign.' }),
			...(this.minutes === null && {
				limitMinutes: `Enter whole minutes from 1 to ${MINUTES_MAX.toLocaleString('en-US')}.`
			})
		};
	}
}
