import type { CampaignKind } from '$lib/domain/campaigns/campaign';
import type { LeadChoice } from '$lib/inputs';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { BatchForecastView, StartCampaignView } from '$lib/views';
import { RequestForm } from './request-form.svelte';

const RETRY_MINUTES = { busy: 10, noAnswer: 60, failed: 30 };

/** A batch being put together: its leads are chosen, what it does is asked. */
export class BatchForm extends RequestForm<StartCampaignView> {
	name = $state('');
	kind = $state<CampaignKind>('server');
	concurrency = $state('5');
	callsPerSecond = $state('1');
	attemptsMax = $state('3');
	retriesBusy = $state(true);
	retriesNoAnswer = $state(true);
	retriesFailed = $state(true);
	/** Started at once, or kept as a draft. */
	isStarted = true;
	protected readonly promise = 'Sending it again makes no second campaign.';
	protected readonly fieldNames = ['name', 'kind', 'concurrency', 'callsPerSecond', 'attemptsMax'];
	#client: TalktimeClient;
	#choice: LeadChoice;
	#forecast = $state.raw<BatchForecastView | null>(null);
	#forecastProblem = $state<string | null>(null);

	constructor(client: TalktimeClient, choice: LeadChoice, name: string) {
		super();
		this.#client = client;
		this.#choice = choice;
		this.name = name;
	}

	/** What the batch would take; null while it is being reckoned. */
	get forecast(): BatchForecastView | null {
		return this.#forecast;
	}

	get forecastProblem(): string | null {
		return this.#forecastProblem;
	}

	/** Reckons anew, after something it depends on has changed. */
	async reckon(): Promise<void> {
		const attemptsMax = readWhole(this.attemptsMax, 1, 10) ?? 1;
		const { kind } = this;
		try {
			const forecast = await this.#client.campaigns.forecast.query({
				choice: this.#choice,
				kind,
				attemptsMax
			});
			this.#forecastProblem = null;
			this.#forecast = forecast;
			const isUsable = forecast.kinds.some((one) => one.kind === kind && one.missing === null);
			const usable = forecast.kinds.find((one) => one.missing === null);
			if (!isUsable && usable) this.kind = usable.kind;
		} catch (thrown) {
			this.#forecastProblem = readRefusal(thrown).message;
		}
	}

	protected request(requestId: string): Promise<StartCampaignView> {
		return this.#client.campaigns.create.mutate({
			requestId,
			name: this.name.trim(),
			kind: this.kind,
			choice: this.#choice,
			concurrency: Number(this.concurrency),
			callsPerSecond: Number(this.callsPerSecond),
			attemptsMax: Number(this.attemptsMax),
			busyAfterMinutes: this.retriesBusy ? RETRY_MINUTES.busy : null,
			noAnswerAfterMinutes: this.retriesNoAnswer ? RETRY_MINUTES.noAnswer : null,
			failedAfterMinutes: this.retriesFailed ? RETRY_MINUTES.failed : null,
			isStarted: this.isStarted
		});
	}

	protected asSent(): string {
		const { name, kind, concurrency, callsPerSecond, attemptsMax } = this;
		return [name, kind, concurrency, callsPerSecond, attemptsMax, this.isStarted].join(' ');
	}

	protected check(): Record<string, string> {
		const pace = Number(this.callsPerSecond);
		return {
			...(this.name.trim() === '' && { name: 'Name the campaign.' }),
			...(readWhole(this.concurrency, 1, 200) === null && {
				concurrency: 'Enter a whole number from 1 to 200.'
			}),
			...(!(pace >= 0.1 && pace <= 200) && { callsPerSecond: 'Enter a number from 0.1 to 200.' }),
			...(readWhole(this.attemptsMax, 1, 10) === null && {
				attemptsMax: 'Enter a whole number from 1 to 10.'
			})
		};
	}
}

function readWhole(text: string, from: number, to: number): number | null {
	const number = /^\d{1,4}$/.test(text.trim()) ? Number(text) : NaN;
	return number >= from && number <= to ? number : null;
}
