import { desc, lt } from 'drizzle-orm';
import type { ListMailsInput } from '$lib/inputs';
import type { MailView, Page } from '$lib/views';
import { requirePermission } from '../authorize';
import type { Context } from '../context';
import { mails } from '../db/schema/index';

const PAGE_ROWS = 50;

/** Mails as they were sent, or without a mail server would be, newest first. */
export async function listMails({
	ctx,
	input
}: {
	ctx: Context;
	input: ListMailsInput;
}): Promise<Page<MailView> & { isSending: boolean }> {
	requirePermission(ctx, 'mails.read');
	const { database, config } = ctx.services;
	const rows = await database.db
		.select()
		.from(mails)
		.where(input.cursor === undefined ? undefined : lt(mails.id, Number(input.cursor)))
		.orderBy(desc(mails.id))
		.limit(PAGE_ROWS + 1);
	const shown = rows.slice(0, PAGE_ROWS);
	return {
		rows: shown.map(({ id, to, subject, text, state, failure, createdAt, sentAt }) => ({
			...{ id, to, subject, text, state, failure },
			createdAt: createdAt.toISOString(),
			sentAt: sentAt?.toISOString() ?? null
		})),
		nextCursor: rows.length > PAGE_ROWS ? String(shown.at(-1)?.id ?? '') : null,
		isSending: config.smtpUrl !== null
	};
}
