import CircleAlert from '@lucide/svelte/icons/circle-alert';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import TriangleAlert from '@lucide/svelte/icons/triangle-alert';
import type { AlertView } from '$lib/views';

/** From this level on something stops, or has stopped. */
const STOPS_FROM: Partial<Record<AlertView['kind'], number>> = {
	low_minutes: 3,
	low_balance: 2,
	refill_failed: 2,
	provider_down: 1
};

export function alertLook({ kind, level, resolvedAt }: AlertView) {
	if (resolvedAt !== null) return { icon: CircleCheck, color: 'text-good', word: 'Over' } as const;
	return level >= (STOPS_FROM[kind] ?? Infinity)
		? ({ icon: CircleAlert, color: 'text-stop', word: 'Urgent' } as const)
		: ({ icon: TriangleAlert, color: 'text-attention', word: 'Attention' } as const);
}

/** Where something can be done about it. */
export function alertHref({ kind, organizationId }: AlertView, isFleet: boolean): string {
	if (isFleet) {
		if (kind === 'webhook_gap') return '/admin/deliveries';
		return organizationId === null ? '/admin' : `/admin/organizations/${organizationId}`;
	}
	return kind === 'low_balance' || kind === 'refill_failed' ? '/settings/billing' : '/dashboard';
}
