import type { Context } from '../context';
import type { Database } from '../db/client';
import { mails } from '../db/schema/index';
import { sendMails } from './send-mails';

export interface NewMail {
	organizationId: number | null;
	/** What it tells of: equal keys to one person are one mail. */
	key: string;
	to: string;
	subject: string;
	text: string;
	/** It holds a link that opens something: its text is removed once it is sent. */
	isSecret: boolean;
}

/** Puts a mail into the outbox, in the transaction of what it tells of. */
export async function queueMail(
	tx: Pick<Database, 'insert'>,
	ctx: Context,
	mail: NewMail
): Promise<void> {
	const now = new Date(ctx.nowMs);
	await tx
		.insert(mails)
		.values({ ...mail, createdAt: now, sendAt: now })
		.onConflictDoNothing();
}

/** Sends what waits without making anybody wait for it; what fails is tried again by the job. */
export function sendMailsSoon(ctx: Context): void {
	void sendMails({ ctx }).catch((error: unknown) =>
		ctx.services.log.warn({ err: error }, 'mails were not sent; they are tried again')
	);
}
