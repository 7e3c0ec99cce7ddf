import { sql } from 'drizzle-orm';
import { webhookWaitMs } from '$lib/domain/alerts/webhook-retry';
import type { Context } from '../context';
import { postWebhook } from './post-webhook';

const AT_ONCE = 20;
/** Longer than a try takes: nobody else takes it up meanwhile. */
const CLAIM_MS = 60_000;

interface Claimed extends Record<string, unknown> {
	id: string;
	url: string;
	secret: string;
	previous_secret: string | null;
	body: object;
	attempts: number;
}

/**
 * Sends the messages that are due. Claimed first and posted outside any transaction; a process that dies
 * between posting and noting posts once more, under the same `webhook-id`.
 */
export async function sendWebhooks({ ctx }: { ctx: Context }): Promise<{ sent: number }> {
	const claimed = await claim(ctx);
	const taken = await Promise.all(claimed.map((message) => send(ctx, message)));
	return { sent: taken.filter(Boolean).length };
}

function claim(ctx: Context): Promise<Claimed[]> {
	return ctx.services.database.db.execute<Claimed>(sql`
		update webhook_messages m set attempts = m.attempts + 1,
			send_at = to_timestamp(${ctx.nowMs + CLAIM_MS} / 1000.0)
		from webhook_endpoints e
		where e.id = m.endpoint_id and m.id in (
			select id from webhook_messages
			where state = 'waiting' and send_at <= to_timestamp(${ctx.nowMs} / 1000.0)
			order by send_at limit ${AT_ONCE} for update skip locked)
		returning m.id, e.url, e.secret, m.body, m.attempts,
			case when e.previous_secret_until > to_timestamp(${ctx.nowMs} / 1000.0)
				then e.previous_secret end as previous_secret`);
}

async function send(ctx: Context, message: Claimed): Promise<boolean> {
	const { database, config } = ctx.services;
	const { id, url, secret, previous_secret, attempts } = message;
	const trouble = await postWebhook({
		id,
		url,
		body: JSON.stringify(message.body),
		secrets: previous_secret === null ? [secret] : [secret, previous_secret],
		nowMs: ctx.nowMs,
		allowsLoopback: config.isDemo
	});
	const waitMs = trouble === null ? null : webhookWaitMs(attempts);
	const state = trouble === null ? 'sent' : waitMs === null ? 'failed' : 'waiting';
	await database.db.execute(sql`
		update webhook_messages set state = ${state}, note = ${trouble},
			send_at = to_timestamp(${ctx.nowMs + (waitMs ?? 0)} / 1000.0),
			sent_at = case when ${state} = 'sent' then to_timestamp(${ctx.nowMs} / 1000.0) end
		where id = ${id}`);
	return trouble === null;
}
