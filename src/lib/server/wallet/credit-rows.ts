import { asc, eq, inArray } from 'drizzle-orm';
import { NO_REFILL, type AutoRefill } from '$lib/domain/payments/auto-refill';
import type { CreditsView } from '$lib/views';
import type { Database } from '../db/client';
import {
	autoRefills,
	callBalance,
	organizationCallMinutes,
	organizations
} from '../db/schema/index';
import { toCreditsView } from '../lane/views';

/** The wallet of an organisation as pages show it. */
export async function findCredits(
	db: Pick<Database, 'select'>,
	organizationId: number
): Promise<CreditsView | null> {
	const [row] = await selectCredits(db).where(eq(callBalance.organizationId, organizationId));
	return row ? toView(row) : null;
}

/** The wallets of some organisations. */
export async function listCreditsOf(
	db: Pick<Database, 'select'>,
	organizationIds: number[]
): Promise<CreditsView[]> {
	const rows = await selectCredits(db).where(inArray(callBalance.organizationId, organizationIds));
	return rows.map(toView);
}

function selectCredits(db: Pick<Database, 'select'>) {
	return db
		.select({
			wallet: callBalance,
			refill: autoRefills,
			billingMode: organizations.billingMode,
			version: organizationCallMinutes.liveSeq
		})
		.from(callBalance)
		.innerJoin(organizations, eq(organizations.id, callBalance.organizationId))
		.innerJoin(
			organizationCallMinutes,
			eq(organizationCallMinutes.organizationId, callBalance.organizationId)
		)
		.leftJoin(autoRefills, eq(autoRefills.organizationId, callBalance.organizationId))
		.orderBy(asc(callBalance.organizationId))
		.$dynamic();
}

type CreditsRow = Awaited<ReturnType<typeof selectCredits>>[number];

function toView({ wallet, refill, billingMode, version }: CreditsRow): CreditsView {
	const credit = {
		mode: billingMode,
		balanceMicros: wallet.balance,
		heldMicros: wallet.heldAmount,
		debtMicros: wallet.debtAmount
	};
	return toCreditsView(wallet.organizationId, credit, toAutoRefill(wallet, refill), version);
}

/** Settings from the wallet; the machine from its row, once there is one. */
function toAutoRefill(wallet: CreditsRow['wallet'], machine: CreditsRow['refill']): AutoRefill {
	return {
		...NO_REFILL,
		isEnabled: wallet.autoRefillEnabled,
		amountMicros: wallet.autoRefillAmount,
		thresholdMicros: wallet.autoRefillThreshold,
		monthlyCapMicros: wallet.autoRefillMonthlyCap,
		lastRefillAtMs: wallet.lastRefillAt?.getTime() ?? null,
		...(machine && {
			state: machine.state,
			declines: machine.declines,
			lookAtMs: machine.lookAt?.getTime() ?? null,
			pauseReason: machine.pauseReason,
			month: machine.month,
			monthSpentMicros: machine.monthSpent
		})
	};
}
