import { and, asc, eq, lte, sql } from 'drizzle-orm';
import { createTransport } from 'nodemailer';
import type { Context } from '../context';
import { mails } from '../db/schema/index';

const AT_ONCE = 50;
const RETRY_MS = 60_000;
const ATTEMPTS_MAX = 8;
const TIMEOUT_MS = 10_000;

/**
 * Sends the mails that wait, when there is a mail server; without one they are kept. A process that dies
 * between sending and noting sends once more: a mail twice is better than none.
 */
export async function sendMails({ ctx }: { ctx: Context }): Promise<{ sent: number }> {
	const { config, database, log } = ctx.services;
	if (config.smtpUrl === null) return { sent: 0 };
	const due = await database.db
		.select()
		.from(mails)
		.where(and(eq(mails.state, 'waiting'), lte(mails.sendAt, new Date(ctx.nowMs))))
		.orderBy(asc(mails.sendAt))
		.limit(AT_ONCE);
	if (due.length === 0) return { sent: 0 };
	const transport = createTransport(
		{ url: config.smtpUrl, connectionTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
		{ from: config.mailFrom }
	);
	let sent = 0;
	try {
		for (const { id, to, subject, text, attempts } of due) {
			try {
				await transport.sendMail({ to, subject, text });
				await database.db
					.update(mails)
					.set({ state: 'sent', sentAt: new Date(ctx.nowMs) })
					.where(eq(mails.id, id));
				sent++;
			} catch (error) {
				log.warn({ err: error, mail: id }, 'a mail was not sent');
				const failure = error instanceof Error ? error.message.slice(0, 300) : 'unknown';
				await database.db
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
