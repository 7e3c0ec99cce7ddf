import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { TestMailView } from '$lib/views';
import { writeAudit } from '../audit/write-audit';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { mails } from '../db/schema/index';
import { sendMails } from '../mails/send-mails';

/** Sends a mail to who asks, to see that mails go out; without a mail server it is kept. */
export async function sendTestMail({ ctx }: { ctx: Context }): Promise<TestMailView> {
	const { email } = requirePerson(ctx, 'settings.write');
	const { db } = ctx.services.database;
	const [made] = await db.transaction(async (tx) => {
		const action = 'platform.test_mail';
		await writeAudit(tx, ctx, { organizationId: null, action, after: { to: email } });
		return tx
			.insert(mails)
			.values({
				key: `test:${uuid()}`,
				to: email,
				subject: 'Talktime can send mail',
				text: `This is the test mail you asked for. Mails of ${ctx.services.config.origin} reach you.`,
				sendAt: new Date(ctx.nowMs)
			})
			.returning({ id: mails.id });
	});
	await sendMails({ ctx });
	const [mail] = await db
		.select()
		.from(mails)
		.where(eq(mails.id, made?.id ?? 0));
	return { to: email, state: mail?.state ?? 'waiting', failure: mail?.failure ?? null };
}
