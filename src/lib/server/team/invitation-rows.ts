import { and, eq, isNull } from 'drizzle-orm';
import type { InvitationView } from '$lib/views';
import type { Context } from '../context';
import type { Database } from '../db/client';
import { invitations } from '../db/schema/index';
import { queueMail } from '../mails/queue-mail';

export type InvitationRow = typeof invitations.$inferSelect;

const LIFE_MS = 7 * 86_400_000;

/** Offered, and neither taken nor revoked. It may have expired. */
export const isOpen = and(isNull(invitations.acceptedAt), isNull(invitations.revokedAt));

/** The open invitation of an organisation, locked. */
export async function findOpenInvitation(
	tx: Pick<Database, 'select'>,
	{ organizationId, invitationId }: { organizationId: number; invitationId: string }
): Promise<InvitationRow | null> {
	const [row] = await tx
		.select()
		.from(invitations)
		.where(
			and(eq(invitations.organizationId, organizationId), eq(invitations.id, invitationId), isOpen)
		)
		.for('update');
	return row ?? null;
}

export function expiryOf(nowMs: number): Date {
	return new Date(nowMs + LIFE_MS);
}

export function toInvitationView(row: InvitationRow, invitedBy: string | null): InvitationView {
	return {
		id: row.id,
		email: row.email,
		role: row.role,
		invitedBy,
		sentAt: row.sentAt.toISOString(),
		expiresAt: row.expiresAt.toISOString()
	};
}

export function invitationLink(ctx: Context, token: string): string {
	return `${ctx.services.config.origin}/join?token=${token}`;
}

/** Writes the mail that carries the link. */
export async function mailInvitation(
	tx: Pick<Database, 'insert'>,
	ctx: Context,
	{ row, organizationName, link }: { row: InvitationRow; organizationName: string; link: string }
): Promise<void> {
	await queueMail(tx, ctx, {
		organizationId: row.organizationId,
		key: `invitation:${row.id}:${row.sentAt.getTime()}`,
		to: row.email,
		subject: `You are invited to ${organizationName} on Talktime`,
		text: [
			`You are invited to work in ${organizationName} on Talktime, as ${row.role === 'manager' ? 'a manager' : 'an agent'}.`,
			`Open this link to choose your password. It works once, until ${row.expiresAt.toUTCString()}:`,
			link,
			'If you did not expect this, do nothing: without the link nobody gets in.'
		].join('\n\n'),
		isSecret: true
	});
}
