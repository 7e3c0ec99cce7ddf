import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm';
import { createTransport } from 'nodemailer';
import type { Context } from '../context';
import { mails } from '../db/schema/index';

const AT_ONCE = 50;
const RETRY_MS = 60_000;
const ATTEMPTS_MAX = 8;
const TIMEOUT_MS = 10_000;

/** In the place of a text with a link that opens something, once it is on its way. */
const SENT_TEXT = 'Removed after it was sent.';
/** A process that claimed a mail and died leaves it to another after this long. */
const CLAIM_MS = 10 * 60_000;

/**
 * Sends the mails that wait, when there is a mail server; without one they are kept. A process that dies
 * between sending and noting sends once more: a mail twice is better than none.
 */
export async function sendMails({ ctx }: { ctx: Context }): Promise<{ sent: number }> {
	const { config, unbound, log } = ctx.services;
	if (config.smtpUrl === null) return { sent: 0 };
	const due = await claimDue(ctx);
	if (due.length === 0) return { sent: 0 };
	const transport = createTransport(
		{ url: config.smtpUrl, connectionTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
		{ from: config.mailFrom }
	);
	let sent = 0;
	try {
		for (const { id, to, subject, text, attempts, isSecret } of due) {
			try {
				await transport.sendMail({ to, subject, text });
				await unbound.db
					.update(mails)
					.set({ state: 'sent', sentAt: new Date(ctx.nowMs), ...(isSecret && { text: SENT_TEXT }) })
					.where(eq(mails.id, id));
				sent++;
			} catch (error) {
				log.warn({ err: error, mail: id }, 'a mail was not sent');
				const failure = error instanceof Error ? error.message.slice(0, 300) : 'unknown';
				await unbound.db
					.update(mails)
					.set({
						failure,
						attempts: sql`${mails.attempts} + 1`,
						state: attempts + 1 >= ATTEMPTS_MAX ? 'failed' : 'waiting',
						sendAt: new Date(ctx.nowMs + RETRY_MS * 2 ** attempts)
					})
					.where(eq(mails.id, id));
			}
		}
	} finally {
		transport.close();
	}
	return { sent };
}

/** Takes the mails that are due, so that no other process sends them meanwhile. */
async function claimDue(ctx: Context): Promise<(typeof mails.$inferSelect)[]> {
	const { db } = ctx.services.unbound;
	const due = db
		.select({ id: mails.id })
		.from(mails)
		.where(and(eq(mails.state, 'waiting'), lte(mails.sendAt, new Date(ctx.nowMs))))
		.orderBy(asc(mails.sendAt))
		.limit(AT_ONCE)
		.for('update', { skipLocked: true });
	return db
		.update(mails)
		.set({ sendAt: new Date(ctx.nowMs + CLAIM_MS) })
		.where(inArray(mails.id, due))
		.returning();
}
