import type { Context } from '$lib/server/context';
import type { UserView } from '$lib/views';

declare global {
	namespace App {
		interface Locals {
			/** Who acts, when, with which services: what every verb is given. */
			ctx: Context;
			user: UserView | null;
			/** Plain id of the cookie's session; null for tokens and strangers. */
			sessionId: string | null;
			requestId: string;
		}
		interface Error {
			message: string;
			requestId?: string;
		}
	}
}

export {};
