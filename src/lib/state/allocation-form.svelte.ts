import { isoOf } from '$lib/components/format/time';
import type { TalktimeClient } from '$lib/trpc/client';
import type { AllocationScheduleView, MinutesView } from '$lib/views';
import { checkReason, readMinutes, RequestForm } from './request-form.svelte';

const MINUTES_MAX = 1_000_000;
const PRIORITY_MAX = 1_000;
const EXPIRES_AFTER_DAYS_MAX = 3_650;
const DAY_MS = 86_400_000;

export type When = 'now' | 'once' | 'monthly';

/** What became of it: minutes granted now, or planned for later. */
export type Allocated =
	| { kind: 'granted'; minutes: MinutesView; allocation: { id: string; minutes: number } }
	| { kind: 'planned'; schedule: AllocationScheduleView };

/** One allocation being filled in: for now, for a date, or for a day of every month. */
export class AllocationForm extends RequestForm<Allocated> {
	amount = $state('');
	reason = $state('');
	when = $state<When>('now');
	/** `2026-12-01` */
	date = $state('');
	dayOfMonth = $state('1');
	priority = $state('100');
	expiresAfterDays = $state('');
	protected readonly promise = 'Sending it again never allocates twice.';
	protected readonly fieldNames = [
		...['minutes', 'reason', 'priority'],
		...['at', 'dayOfMonth', 'expiresAfterDays']
	];
	#client: TalktimeClient;
	#organizationId: number;
	#nowMs: () => number;

	constructor(client: TalktimeClient, organizationId: number, nowMs: () => number = Date.now) {
		super();
		this.#client = client;
		this.#organizationId = organizationId;
		this.#nowMs = nowMs;
	}

	/** The amount when it is one that can be allocated. */
	get minutes(): number | null {
		return readMinutes(this.amount, MINUTES_MAX);
	}

	protected async request(requestId: string): Promise<Allocated> {
		const grant = {
			requestId,
			organizationId: this.#organizationId,
			minutes: this.minutes ?? 0,
			reason: this.reason.trim(),
			priority: Number(this.priority)
		};
		const days = this.expiresAfterDays === '' ? undefined : Number(this.expiresAfterDays);
		if (this.when === 'now') {
			const minutes = await this.#client.admin.minutes.allocate.mutate({
				...grant,
				...(days && { expiresAt: isoOf(this.#nowMs() + days * DAY_MS) })
			});
			return { kind: 'granted', minutes, allocation: { id: requestId, minutes: grant.minutes } };
		}
		const schedule = await this.#client.admin.schedules.create.mutate({
			...grant,
			expiresAfterDays: days,
			when:
				this.when === 'once'
					? { kind: 'once', at: this.date }
					: { kind: 'monthly', dayOfMonth: Number(this.dayOfMonth) }
		});
		return { kind: 'planned', schedule };
	}

	protected asSent(): string {
		const { minutes, reason, when, date, dayOfMonth, priority, expiresAfterDays } = this;
		return [minutes, reason, when, date, dayOfMonth, priority, expiresAfterDays].join('\n');
	}

	protected check(): Record<string, string> {
		const reason = checkReason(this.reason);
		const isDayOff = this.when === 'monthly' && !isWhole(this.dayOfMonth, 31);
		const isExpiryOff =
			this.expiresAfterDays !== '' && !isWhole(this.expiresAfterDays, EXPIRES_AFTER_DAYS_MAX);
		return {
			...(this.minutes === null && {
				minutes: `Enter whole minutes from 1 to ${MINUTES_MAX.toLocaleString('en-US')}.`
			}),
			...(reason !== null && { reason }),
			...(this.when === 'once' && this.date === '' && { at: 'Choose the day.' }),
			...(isDayOff && { dayOfMonth: 'Enter a day from 1 to 31.' }),
			...(!isWhole(this.priority, PRIORITY_MAX) && {
				priority: `Enter a whole number from 1 to ${PRIORITY_MAX.toLocaleString('en-US')}.`
			}),
			...(isExpiryOff && { expiresAfterDays: 'Enter days from 1 to 3,650, or leave it empty.' })
		};
	}
}

function isWhole(text: string, most: number): boolean {
	return /^\d{1,5}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= most;
}
