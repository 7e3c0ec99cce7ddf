import { customType, timestamp } from 'drizzle-orm/pg-core';
import { formatMicros, parseMicros } from '$lib/domain/money';

/** Money: `numeric(18,6)` in SQL, whole micro-dollars (bigint) in TypeScript. */
export const micros = customType<{ data: bigint; driverData: string }>({
	dataType: () => 'numeric(18, 6)',
	toDriver: (amountMicros) => formatMicros(amountMicros, 6),
	fromDriver: (text) => parseMicros(text)
});

/** A moment in UTC. */
export const moment = () => timestamp({ withTimezone: true, mode: 'date' });

export const createdAt = () => moment().notNull().defaultNow();
