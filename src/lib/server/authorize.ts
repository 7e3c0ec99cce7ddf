/** The one place that decides who may do what to which organisation. */
import type { Actor } from '$lib/domain/lane/commands';
import { isAllowed, type Permission } from '$lib/domain/permissions';
import type { CallerSession, Context, Person } from './context';
import { AppError } from './errors';

/** The person behind the call. @throws AppError `unauthorized` when nobody is signed in */
export function requirePerson(ctx: Context, permission: Permission): Person {
	if (ctx.caller.kind !== 'person') {
		throw new AppError('unauthorized', 'Sign in, or send an API token.');
	}
	if (!isAllowed(ctx.caller.person.role, permission)) {
		throw new AppError('forbidden', 'Your role does not allow this.');
	}
	return ctx.caller.person;
}

/**
 * The person and the session they act in, for what belongs to a browser.
 * @throws AppError `forbidden` for an API token
 */
export function requireSession(
	ctx: Context,
	permission: Permission
): { person: Person; session: CallerSession } {
	const person = requirePerson(ctx, permission);
	const session = ctx.caller.kind === 'person' ? ctx.caller.session : undefined;
	if (!session) {
		throw new AppError('forbidden', 'An API token cannot do this. Sign in and do it there.');
	}
	return { person, session };
}

/** So long a proof by password or code holds. */
const PROOF_MS = 10 * 60_000;

/**
 * For what an unattended screen or a stolen session must not do: asks for a fresh proof that it is them.
 * The command line and jobs have none to give and are let through; an API token cannot give one.
 * @throws AppError `sudo_required` when the last proof is older than ten minutes
 */
export function requireRecentProof(ctx: Context): void {
	if (ctx.caller.kind !== 'person') return;
	const { session } = ctx.caller;
	if (!session) {
		throw new AppError(
			'forbidden',
			'Nothing was changed: an API token cannot do this. Sign in and do it there.'
		);
	}
	if (ctx.nowMs - session.provedAtMs < PROOF_MS) return;
	throw new AppError('sudo_required', 'Nothing was changed: confirm first that it is you.');
}

/** Lets the command line and jobs through, and people who have the permission. */
export function requirePermission(ctx: Context, permission: Permission): void {
	if (ctx.caller.kind === 'command_line' || ctx.caller.kind === 'job') return;
	requirePerson(ctx, permission);
}

/**
 * The organisation a person acts for: their own, or for a super admin the one named.
 * @throws AppError `forbidden` for another's id, `invalid` when a super admin names none
 */
export function requireOrganizationId(person: Person, namedId: number | undefined): number {
	if (person.organizationId !== null) {
		if (namedId !== undefined && namedId !== person.organizationId) {
			throw new AppError('forbidden', 'organization_id is not your organisation.');
		}
		return person.organizationId;
	}
	if (namedId === undefined) {
		const sentence = 'organization_id is needed: a super admin belongs to no organisation.';
		throw new AppError('invalid', sentence, { organizationId: sentence });
	}
	return namedId;
}

/**
 * The organisation a verb is about that the command line has too.
 * @throws AppError as {@link requirePerson} and {@link requireOrganizationId}
 */
export function requireOrganizationOf(
	ctx: Context,
	permission: Permission,
	namedId: number | undefined
): number {
	requirePermission(ctx, permission);
	if (ctx.caller.kind === 'person') return requireOrganizationId(ctx.caller.person, namedId);
	if (namedId === undefined) throw new AppError('invalid', 'organization_id is needed.');
	return namedId;
}

/**
 * Whose rows a list may show: a member's own organisation, for everyone else the named one.
 * @returns null for all of them
 */
export function readableOrganizationId(ctx: Context, namedId: number | undefined): number | null {
	const person = ctx.caller.kind === 'person' ? ctx.caller.person : null;
	if (person && person.organizationId !== null) return requireOrganizationId(person, namedId);
	return namedId ?? null;
}

/** Who goes into the audit log for this caller. */
export function actorOf(ctx: Context): Actor {
	switch (ctx.caller.kind) {
		case 'person':
			return {
				kind: 'user',
				userId: ctx.caller.person.userId,
				...(ctx.request && { from: ctx.request })
			};
		case 'command_line':
			return { kind: 'command_line' };
		case 'job':
			return { kind: 'job' };
		case 'anonymous':
			throw new AppError('unauthorized', 'Sign in, or send an API token.');
	}
}
