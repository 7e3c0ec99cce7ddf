/** tRPC's root: the permission ladder, and the one place where our refusals become its errors. */
import { initTRPC, TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import type { Permission } from '$lib/domain/permissions';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { AppError, httpStatusOf, type AppErrorCode } from '../errors';
import { LaneUnavailable } from '../lane/lane';
import { invalidInput } from '../parse';

const CODES: Record<AppErrorCode, TRPCError['code']> = {
	unauthorized: 'UNAUTHORIZED',
	forbidden: 'FORBIDDEN',
	sudo_required: 'FORBIDDEN',
	not_found: 'NOT_FOUND',
	conflict: 'CONFLICT',
	already_calling: 'CONFLICT',
	invalid: 'UNPROCESSABLE_CONTENT',
	minutes_exhausted: 'PAYMENT_REQUIRED',
	insufficient_balance: 'PAYMENT_REQUIRED',
	budget_exhausted: 'PAYMENT_REQUIRED',
	overdraft_unconfirmed: 'PAYMENT_REQUIRED',
	organization_inactive: 'FORBIDDEN',
	number_not_allowed: 'UNPROCESSABLE_CONTENT',
	country_not_allowed: 'UNPROCESSABLE_CONTENT',
	price_too_high: 'UNPROCESSABLE_CONTENT',
	calling_too_fast: 'TOO_MANY_REQUESTS',
	calling_paused: 'FORBIDDEN',
	too_many_requests: 'TOO_MANY_REQUESTS',
	too_large: 'PAYLOAD_TOO_LARGE',
	provider_failed: 'BAD_GATEWAY',
	provider_unavailable: 'SERVICE_UNAVAILABLE',
	unavailable: 'SERVICE_UNAVAILABLE'
};

export interface ProcedureMeta {
	permission: Permission;
}

/** A fault as people may see it: our refusals keep their sentence, everything else loses it. */
export function toAppError(error: unknown): AppError | null {
	if (error instanceof AppError) return error;
	if (error instanceof ZodError) return invalidInput(error.issues);
	if (error instanceof LaneUnavailable) {
		return new AppError(
			'unavailable',
			'Nothing was changed: the database cannot be reached. Try again.'
		);
	}
	// SvelteKit's own error of a body that did not say how long it is, and was too long.
	if (Object(error).status === 413) {
		return new AppError('too_large', 'The body is longer than is taken here.');
	}
	return null;
}

/** A refusal before any procedure ran, in the form in which tRPC's clients read those of procedures. */
export function toErrorBody({ code, message, fields }: AppError): object {
	const key = CODES[code];
	return {
		error: {
			message,
			code: TRPC_ERROR_CODES_BY_KEY[key],
			data: { code: key, httpStatus: httpStatusOf(code), appCode: code, fields }
		}
	};
}

const trpc = initTRPC
	.context<Context>()
	.meta<ProcedureMeta>()
	.create({
		sse: {
			ping: { enabled: true, intervalMs: 15_000 },
			client: { reconnectAfterInactivityMs: 40_000 }
		},
		errorFormatter({ shape, error }) {
			const known = toAppError(error.cause);
			const isInternal = error.code === 'INTERNAL_SERVER_ERROR';
			return {
				...shape,
				message:
					known?.message ??
					(isInternal ? 'Something failed here. It was logged; try again.' : shape.message),
				data: {
					code: shape.data.code,
					httpStatus: shape.data.httpStatus,
					appCode: known?.code ?? null,
					fields: known?.fields ?? {}
				}
			};
		}
	});

export const router = trpc.router;
export const createCallerFactory = trpc.createCallerFactory;

function toTrpcError(known: AppError): TRPCError {
	return new TRPCError({ code: CODES[known.code], message: known.message, cause: known });
}

/**
 * A procedure for those who have the permission. Every procedure names one: there is no other builder,
 * so none can forget.
 */
export function allowed(permission: Permission) {
	// One step, not one for each matter: every step copies all that travels with the call.
	return trpc.procedure.meta({ permission }).use(async ({ ctx, next }) => {
		try {
			requirePerson(ctx, permission);
		} catch (error) {
			throw error instanceof AppError ? toTrpcError(error) : error;
		}
		const result = await next();
		const known = result.ok ? null : toAppError(result.error.cause);
		if (known) throw toTrpcError(known);
		return result;
	});
}
