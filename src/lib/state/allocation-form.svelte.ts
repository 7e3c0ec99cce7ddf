import { v5 as uuidOf } from 'uuid';
import { isoOf } from '$lib/components/format/time';
import type { TalktimeClient } from '$lib/trpc/client';
import type { AllocationScheduleView, GrantView } from '$lib/views';
import { checkReason, readMinutes, RequestForm } from './request-form.svelte';

const MINUTES_MAX = 1_000_000;
const PRIORITY_MAX = 1_000;
const EXPIRES_AFTER_DAYS_MAX = 3_650;
const DAY_MS = 86_400_000;

export type When = 'now' | 'once' | 'monthly';

/** What became of it: minutes granted now, or planned for later. */
export type Allocated =
	| { kind: 'granted'; grants: GrantView[] }
	| { kind: 'planned'; schedules: AllocationScheduleView[] };

/** `add`: to what is there. `set`: what is left becomes the figure. */
export type AllocationMode = 'add' | 'set';

/** An allocation to one or many being filled in: for now, for a date, or for a day of every month. */
export class AllocationForm extends RequestForm<Allocated> {
	amount = $state('');
	reason = $state('');
	mode = $state<AllocationMode>('add');
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
	#organizationIds: number[];
	#nowMs: () => number;

	constructor(client: TalktimeClient, organizationIds: number[], nowMs: () => number = Date.now) {
		super();
		this.#client = client;
		this.#organizationIds = organizationIds;
		this.#nowMs = nowMs;
	}

	/** The amount when it is one that can be allocated; what is left may be set to none. */
	get minutes(): number | null {
		if (this.isSetting && this.amount.trim() === '0') return 0;
		return readMinutes(this.amount, MINUTES_MAX);
	}

	/** Only what is left now can be set. */
	get isSetting(): boolean {
		return this.mode === 'set' && this.when === 'now';
	}

	protected async request(requestId: string): Promise<Allocated> {
		const grant = {
			minutes: this.minutes ?? 0,
			reason: this.reason.trim(),
			priority: Number(this.priority)
		};
		const days = this.expiresAfterDays === '' ? undefined : Number(this.expiresAfterDays);
		if (this.when === 'now') {
			const grants = await this.#client.admin.minutes.grant.mutate({
				...{ requestId, organizationIds: this.#organizationIds, mode: this.mode },
				...grant,
				...(days && { expiresAt: isoOf(this.#nowMs() + days * DAY_MS) })
			});
			return { kind: 'granted', grants };
		}
		const when =
			this.when === 'once'
				? ({ kind: 'once', at: this.date } as const)
				: ({ kind: 'monthly', dayOfMonth: Number(this.dayOfMonth) } as const);
		const plan = (organizationId: number) =>
			this.#client.admin.schedules.create.mutate({
				requestId: uuidOf(String(organizationId), requestId),
				organizationId,
				...grant,
				expiresAfterDays: days,
				when
			});
		return { kind: 'planned', schedules: await Promise.all(this.#organizationIds.map(plan)) };
	}

	protected asSent(): string {
		const { mode, minutes, reason, when, date, dayOfMonth, priority, expiresAfterDays } = this;
		return [mode, minutes, reason, when, date, dayOfMonth, priority, expiresAfterDays].join('\n');
	}

	protected check(): Record<string, string> {
		const reason = checkReason(this.reason);
		const isDayOff = this.when === 'monthly' && !isWhole(this.dayOfMonth, 31);
		const isExpiryOff =
			this.expiresAfterDays !== '' && !isWhole(this.expiresAfterDays, EXPIRES_AFTER_DAYS_MAX);
		return {
			...(this.minutes === null && {
				minutes: `Enter whole minutes from ${this.isSetting ? 0 : 1} to ${MINUTES_MAX.toLocaleString('en-US')}.`
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
