import { isAllowed, type Role } from '../permissions';
import { ALERT_KINDS, FLEET_ALERT_KINDS, type AlertKind } from './kinds';

/** Kinds whose mail another room writes with the change itself, so that it comes once. */
export const MAILED_ELSEWHERE: readonly AlertKind[] = ['refill_failed'];

/** Kinds of an organisation that only a super admin can end: they are mailed too. */
export const MAILED_TO_SUPER_ADMINS: readonly AlertKind[] = ['calling_paused'];

/** What a person is told of who has chosen nothing: everything in the app, by mail what cannot wait. */
export function isMailedByDefault(kind: AlertKind): boolean {
	return kind !== 'spending_velocity';
}

/** The kinds that can concern a person of a role. */
export function alertKindsFor(role: Role): AlertKind[] {
	return isAllowed(role, 'fleet.read')
		? [...ALERT_KINDS]
		: ALERT_KINDS.filter((kind) => !FLEET_ALERT_KINDS.includes(kind));
}
