import type { AlertKind } from '$lib/domain/alerts/kinds';
import type { TalktimeClient } from '$lib/trpc/client';
import { readRefusal } from '$lib/trpc/refusal';
import type { AlertInboxView, AlertPreferenceView, AlertView } from '$lib/views';

/** Alerts about the platform no organisation's stream tells of: a super admin's inbox looks now and then. */
const LOOK_MS = 30_000;

export interface AlertInboxOptions {
	client: TalktimeClient;
	/** A super admin's. */
	isFleet: boolean;
	/** Something to show at once. */
	onToast: (alert: AlertView) => void;
}

/** What a person should know: how much of it is new, and the newest of it. */
export class AlertInbox {
	#options: AlertInboxOptions;
	#rows = $state.raw<AlertView[]>([]);
	#unseen = $state(0);
	#nextCursor = $state<string | null>(null);
	#isLoading = $state(false);
	#problem = $state<string | null>(null);
	#preferences: AlertPreferenceView[] = [];

	constructor(options: AlertInboxOptions) {
		this.#options = options;
	}

	get rows(): AlertView[] {
		return this.#rows;
	}

	get unseen(): number {
		return this.#unseen;
	}

	get hasMore(): boolean {
		return this.#nextCursor !== null;
	}

	get isLoading(): boolean {
		return this.#isLoading;
	}

	get problem(): string | null {
		return this.#problem;
	}

	/** Begins to follow. Returns how to stop. */
	start(): () => void {
		void this.refresh();
		void this.readPreferences();
		if (!this.#options.isFleet) return () => {};
		const timer = setInterval(() => {
			if (document.visibilityState === 'visible') void this.refresh();
		}, LOOK_MS);
		return () => clearInterval(timer);
	}

	/** What the page has loaded. */
	take({ rows, nextCursor, unseen }: AlertInboxView): void {
		this.#rows = rows;
		this.#nextCursor = nextCursor;
		this.#unseen = unseen;
	}

	/** Raised just now, or over. */
	hear(alert: AlertView): void {
		const isKnown = this.#rows.some(({ id }) => id === alert.id);
		this.#rows = isKnown
			? this.#rows.map((row) => (row.id === alert.id ? alert : row))
			: [alert, ...this.#rows];
		if (isKnown || alert.resolvedAt !== null || !alert.isTold) return;
		this.#unseen++;
		if (this.#isToasted(alert.kind)) this.#options.onToast(alert);
	}

	async markSeen(): Promise<void> {
		if (this.#unseen === 0) return;
		this.#unseen = 0;
		await this.#options.client.alerts.markSeen.mutate().catch(() => {});
	}

	async refresh(): Promise<void> {
		try {
			this.take(await this.#options.client.alerts.list.query({}));
		} catch {
			// The feed says by its state that the server cannot be reached.
		}
	}

	/** How the person wants to be told; read again when it was changed. */
	async readPreferences(): Promise<void> {
		try {
			this.#preferences = await this.#options.client.alerts.preferences.query();
		} catch {
			// Without them everything is shown.
		}
	}

	async more(): Promise<void> {
		const cursor = this.#nextCursor;
		if (cursor === null || this.#isLoading) return;
		this.#isLoading = true;
		this.#problem = null;
		try {
			const page = await this.#options.client.alerts.list.query({ cursor });
			this.#rows = [...this.#rows, ...page.rows];
			this.#nextCursor = page.nextCursor;
		} catch (thrown) {
			this.#problem = readRefusal(thrown).message;
		} finally {
			this.#isLoading = false;
		}
	}

	#isToasted(kind: AlertKind): boolean {
		return this.#preferences.find((one) => one.kind === kind)?.isToasted ?? true;
	}
}
