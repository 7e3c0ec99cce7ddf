/** The one place where REST calls read their input and translate refusals. */
import type { RequestEvent } from '@sveltejs/kit';
import type { z } from 'zod';
import { AppError, httpStatusOf } from '../errors';
import { REST_BYTES_MAX } from './paths';
import { readBytes } from './read-bytes';
import { parseInput } from '../parse';
import { toAppError } from '../trpc/init';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Runs a REST call: its value as JSON or its own response, refusals as `{ error: { code, message } }`. */
export async function answerRest(
	event: RequestEvent,
	work: () => Promise<{ status?: number; body: unknown } | Response>
): Promise<Response> {
	try {
		const answer = await work();
		if (answer instanceof Response) return answer;
		const { status = 200, body } = answer;
		return Response.json(body, { status });
	} catch (error) {
		const known = toAppError(error);
		if (!known) {
			const { requestId } = event.locals;
			event.locals.ctx.services.log.error({ err: error, requestId }, 'REST fault');
			const message = `Something failed here. It was logged under ${requestId}.`;
			return Response.json({ error: { code: 'internal', message } }, { status: 500 });
		}
		return Response.json(
			{ error: { code: known.code, message: known.message } },
			{ status: httpStatusOf(known.code) }
		);
	}
}

/**
 * Reads a JSON body against a schema.
 * @throws AppError `invalid` naming the field
 */
export async function readJson<Schema extends z.ZodType>(
	event: RequestEvent,
	schema: Schema
): Promise<z.output<Schema>> {
	let raw: unknown;
	try {
		const bytes = await readBytes(event.request, REST_BYTES_MAX);
		if (bytes === null)
			throw new AppError('too_large', `The body is longer than ${REST_BYTES_MAX} bytes.`);
		raw = JSON.parse(UTF8.decode(bytes));
	} catch (error) {
		if (error instanceof AppError) throw error;
		throw new AppError('invalid', 'The body must be JSON.');
	}
	return parseInput(schema, raw);
}
