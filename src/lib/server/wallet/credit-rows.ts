import { asc, eq } from 'drizzle-orm';
import { minutesFor, DEFAULT_RATE, walletStatus } from '$lib/domain/credit/rating';
import { formatMicros } from '$lib/domain/money';
import type { CreditsView } from '$lib/views';
import type { Database } from '../db/client';
import { callBalance, organizationCallMinutes, organizations } from '../db/schema/index';

/** The wallet of an organisation as pages show it. */
export async function findCredits(
	db: Database,
	organizationId: number
): Promise<CreditsView | null> {
	const [row] = await selectCredits(db).where(eq(callBalance.organizationId, organizationId));
	return row ? toCreditsView(row) : null;
}

/** The wallets of every organisation. */
export async function listCredits(db: Database): Promise<CreditsView[]> {
	return (await selectCredits(db)).map(toCreditsView);
}

function selectCredits(db: Database) {
	return db
		.select({
			wallet: callBalance,
			billingMode: organizations.billingMode,
			version: organizationCallMinutes.liveSeq
		})
		.from(callBalance)
		.innerJoin(organizations, eq(organizations.id, callBalance.organizationId))
		.innerJoin(
			organizationCallMinutes,
			eq(organizationCallMinutes.organizationId, callBalance.organizationId)
		)
		.orderBy(asc(callBalance.organizationId))
		.$dynamic();
}

type CreditsRow = Awaited<ReturnType<typeof selectCredits>>[number];

function toCreditsView(row: CreditsRow): CreditsView {
	const { wallet, billingMode, version } = row;
	const spendable = wallet.balance - wallet.heldAmount;
	return {
		organizationId: wallet.organizationId,
		billingMode,
		balance: formatMicros(wallet.balance),
		heldAmount: formatMicros(wallet.heldAmount),
		spendable: formatMicros(spendable),
		debtAmount: formatMicros(wallet.debtAmount),
		status: walletStatus(wallet.balance),
		estimatedMinutes: minutesFor(DEFAULT_RATE, spendable, 10_000_000),
		version
	};
}
