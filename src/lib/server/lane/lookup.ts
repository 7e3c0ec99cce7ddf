import type { Command, PlaceCall } from '$lib/domain/lane/commands';
import type { Statement } from '../db/prepared';

/** A call that somebody wants placed, as far as the lane must know it to lock and to read. */
export type Intent = Pick<
	PlaceCall,
	'kind' | 'callId' | 'organizationId' | 'user' | 'to' | 'campaignId' | 'idempotencyKey'
>;

/** What names the rows a batch is about. */
export type Naming = Exclude<Command, PlaceCall> | Intent;

/**
 * What makes a command of an intent: a row that is read behind the lane's locks, with all else and in the
 * same round trip.
 */
export interface Lookup {
	statement: Statement;
	values: Readonly<Record<string, string>>;
	/**
	 * @param row the first that was found, with the statement's own columns
	 * @throws what the intent is refused with; nothing is changed then
	 */
	complete: (row: Record<string, unknown> | undefined) => PlaceCall;
}
