import type { Cookie } from 'lucia';
import type { Context } from '../context';

export async function signOut({
	ctx,
	input
}: {
	ctx: Context;
	input: { sessionId: string | null };
}): Promise<{ sessionCookie: Cookie }> {
	const { sessions } = ctx.services;
	if (input.sessionId !== null) await sessions.invalidateSession(input.sessionId);
	return { sessionCookie: sessions.createBlankSessionCookie() };
}
