import { and, desc, eq, lt, or } from 'drizzle-orm';
import type { PaymentsInput } from '$lib/inputs';
import type { Page, PaymentView } from '$lib/views';
import { requirePermission, requireOrganizationId, requirePerson } from '../authorize';
import type { Context } from '../context';
import { payments } from '../db/schema/index';
import { toPaymentView } from './payment-view';

const PAGE_ROWS = 30;

/** Payments of one's organisation with their receipts, newest first. */
export function listOwnPayments({
	ctx,
	input
}: {
	ctx: Context;
	input: PaymentsInput;
}): Promise<Page<PaymentView>> {
	const person = requirePerson(ctx, 'wallet.read');
	const organizationId = requireOrganizationId(person, input.organizationId);
	return selectPayments(ctx, { ...input, organizationId });
}

/** Payments of any organisation, or those that were refused because they are not what was ordered. */
export function listAllPayments({
	ctx,
	input
}: {
	ctx: Context;
	input: PaymentsInput;
}): Promise<Page<PaymentView>> {
	requirePermission(ctx, 'payments.refund');
	return selectPayments(ctx, input);
}

async function selectPayments(ctx: Context, input: PaymentsInput): Promise<Page<PaymentView>> {
	const { organizationId, state, cursor } = input;
	const [atMs, id] = cursor?.split('_') ?? [];
	const at = new Date(Number(atMs));
	const rows = await ctx.services.database.db
		.select()
		.from(payments)
		.where(
			and(
				organizationId === undefined ? undefined : eq(payments.organizationId, organizationId),
				state === undefined ? undefined : eq(payments.state, state),
				id === undefined
					? undefined
					: or(lt(payments.createdAt, at), and(eq(payments.createdAt, at), lt(payments.id, id)))
			)
		)
		.orderBy(desc(payments.createdAt), desc(payments.id))
		.limit(PAGE_ROWS + 1);
	const shown = rows.slice(0, PAGE_ROWS);
	const last = shown.at(-1);
	return {
		rows: shown.map(toPaymentView),
		nextCursor: rows.length > PAGE_ROWS && last ? `${last.createdAt.getTime()}_${last.id}` : null
	};
}
