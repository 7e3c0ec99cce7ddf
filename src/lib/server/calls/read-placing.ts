/** What stands in the database about a call before it is placed, in one row. */
import { sql } from 'drizzle-orm';
import type { Provider } from '$lib/domain/call/event';
import { DEFAULT_RATE } from '$lib/domain/credit/rating';
import type { Rate } from '$lib/domain/credit/types';
import { parseMicros } from '$lib/domain/money';
import type { CallerId } from '$lib/domain/providers/caller-id';
import { barRow } from '../contacts/create-contact';
import { holderRow } from '../contacts/lookup-contact';
import type { Context } from '../context';
import { writeOnce, writeStatement } from '../db/prepared';
import type { Lookup } from '../lane/lane';
import { tariffOf, tariffRow } from '../wallet/find-rate';
import { callerIdRows } from './find-caller-id';

/** The organisation, who has the number in it, and what a call to it is made with. */
export interface Placing {
	organization: {
		name: string;
		country: string;
		defaultProvider: Provider;
		providerFallbacks: Provider[];
		recordsCalls: boolean;
		detectsMachines: boolean;
		salesEmail: string | null;
		salesPhone: string | null;
	};
	/** Whoever has the number. */
	contact: { id: string; name: string; doNotCall: boolean } | null;
	/** The number may not be called, whoever has it. */
	isBarred: boolean;
	/** To choose from. */
	callerIds: CallerId[];
	rate: Rate;
	/** The sales contact of the platform. */
	platform: { salesEmail: string | null; salesPhone: string | null };
}

/** How the lane reads it. */
export function placingOf(
	ctx: Context,
	organizationId: number,
	e164: string
): Pick<Lookup, 'statement' | 'values'> {
	return {
		statement: placingStatement(ctx.services.database.db),
		values: { organizationId: String(organizationId), phone: e164, ...tariffOf(e164, ctx.nowMs) }
	};
}

const placingStatement = writeOnce((db) =>
	writeStatement(sql`
	select o.name, o.country, o.default_provider, o.provider_fallbacks, o.records_calls, o.detects_machines,
		o.sales_email, o.sales_phone, p.sales_email as platform_email, p.sales_phone as platform_phone,
		h.id as contact_id, h.name as contact_name, h.do_not_call as contact_do_not_call,
		exists ${barRow(db)} as is_barred,
		(select json_agg(json_build_object('organizationId', c.organization_id, 'provider', c.provider,
			'number', c.number, 'country', c.country)) from ${callerIdRows(db)} c) as caller_ids,
		r.prefix, r.per_minute, r.initial_seconds, r.increment_seconds
	from organizations o
	left join lateral ${holderRow(db)} h on true
	left join lateral ${tariffRow(db)} r on true
	left join platform_settings p on true
	where o.id = ${sql.placeholder('organizationId')}`)
);

/** A row of the statement, as the driver gives it. */
export function readPlacingRow(row: Record<string, unknown>): Placing {
	return {
		organization: {
			name: row.name as string,
			country: row.country as string,
			defaultProvider: row.default_provider as Provider,
			providerFallbacks: row.provider_fallbacks as Provider[],
			recordsCalls: row.records_calls as boolean,
			detectsMachines: row.detects_machines as boolean,
			salesEmail: row.sales_email as string | null,
			salesPhone: row.sales_phone as string | null
		},
		contact:
			row.contact_id === null
				? null
				: {
						id: row.contact_id as string,
						name: row.contact_name as string,
						doNotCall: row.contact_do_not_call as boolean
					},
		isBarred: row.is_barred as boolean,
		callerIds: (row.caller_ids as CallerId[] | null) ?? [],
		rate:
			row.prefix === null
				? DEFAULT_RATE
				: {
						prefix: row.prefix as string,
						perMinuteMicros: parseMicros(row.per_minute as string),
						initialSeconds: row.initial_seconds as number,
						incrementSeconds: row.increment_seconds as number
					},
		platform: {
			salesEmail: row.platform_email as string | null,
			salesPhone: row.platform_phone as string | null
		}
	};
}
