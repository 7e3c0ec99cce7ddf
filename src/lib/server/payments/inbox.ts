/**
 * Stripe's events in the inbox: kept first, applied next, by a webhook, the catch-up or the worker. What
 * is applied twice books once, so an event whose end is unclear is simply applied again.
 */
import type { JsonObject } from '$lib/domain/json';
import { and, asc, eq, lte, sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { Context } from '../context';
import { deliveries } from '../db/schema/index';
import { applyMeaning, type Applied } from './apply-meaning';
import { readEvent } from './stripe/read';
import { Event } from './stripe/wire';

export interface KeptEvent {
	deliveryId: string;
	event: Event;
	/** It was applied or ignored before. */
	isDone: boolean;
}

/** The worker comes to an event whose process died only after this long. */
const APPLY_PATIENCE_MS = 10_000;
const RETRY_MS = 5_000;
const RETRY_MS_MAX = 3_600_000;
/** With the waits doubling up to an hour: about a day. */
const ATTEMPTS_MAX = 30;
const RETRIES_AT_ONCE = 100;

/** Keeps an event, once by its id. */
export async function keepEvent(ctx: Context, event: Event): Promise<KeptEvent> {
	const { db } = ctx.services.database;
	const body = withoutNul(event);
	const [row] = await db
		.insert(deliveries)
		.values({
			id: uuid(),
			provider: 'stripe',
			dedupeKey: body.id,
			providerCallId: objectIdOf(body),
			state: 'waiting',
			body: body as unknown as JsonObject, // Stripe's own JSON
			receivedAt: new Date(ctx.nowMs),
			retryAt: new Date(ctx.nowMs + APPLY_PATIENCE_MS)
		})
		.onConflictDoUpdate({
			target: [deliveries.provider, deliveries.dedupeKey],
			set: { repeats: sql`${deliveries.repeats} + 1` }
		})
		.returning({ id: deliveries.id, state: deliveries.state });
	if (!row) throw new Error('The event was not kept');
	const isDone = row.state === 'applied' || row.state === 'ignored';
	return { deliveryId: row.id, event, isDone };
}

/** PostgreSQL cannot keep the character U+0000; what was signed is checked before it is replaced. */
function withoutNul(event: Event): Event {
	return JSON.parse(JSON.stringify(event), (_name, value: unknown) =>
		typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value
	);
}

/** What the event is about: a payment intent, a charge, a card. */
function objectIdOf(event: Event): string | null {
	const { id } = event.data.object;
	return typeof id === 'string' ? id : null;
}

/** Applies a kept event and keeps its outcome. One that fails waits, and is tried again for a day. */
export async function applyEvent(ctx: Context, { deliveryId, event }: KeptEvent): Promise<Applied> {
	const { log, database } = ctx.services;
	const ofDelivery = eq(deliveries.id, deliveryId);
	try {
		const applied = await applyMeaning(ctx, readEvent(event));
		await database.db
			.update(deliveries)
			.set({ ...applied, retryAt: null })
			.where(ofDelivery);
		log.info({ provider: 'stripe', event: event.id, type: event.type, ...applied }, 'delivery');
		return applied;
	} catch (error) {
		log.warn({ err: error, provider: 'stripe', event: event.id }, 'applying an event failed');
		const note = error instanceof Error ? error.message.slice(0, 500) : 'unknown error';
		const waitMs = sql`least(${RETRY_MS} * power(2, ${deliveries.attempts}), ${RETRY_MS_MAX})`;
		await database.db
			.update(deliveries)
			.set({
				state: sql`case when ${deliveries.attempts} + 1 >= ${ATTEMPTS_MAX} then 'failed' else 'waiting' end`,
				attempts: sql`${deliveries.attempts} + 1`,
				note,
				retryAt: sql`to_timestamp((${ctx.nowMs} + ${waitMs}) / 1000.0)`
			})
			.where(ofDelivery);
		return { state: 'failed', note, organizationId: null };
	}
}

/** Applies the events whose time to be tried again has come. */
export async function retryEvents(ctx: Context): Promise<number> {
	const due = await ctx.services.database.db
		.select({ id: deliveries.id, body: deliveries.body })
		.from(deliveries)
		.where(
			and(
				eq(deliveries.provider, 'stripe'),
				eq(deliveries.state, 'waiting'),
				lte(deliveries.retryAt, new Date(ctx.nowMs))
			)
		)
		.orderBy(asc(deliveries.retryAt))
		.limit(RETRIES_AT_ONCE);
	for (const { id, body } of due) {
		await applyEvent(ctx, { deliveryId: id, event: Event.parse(body), isDone: false });
	}
	return due.length;
}
