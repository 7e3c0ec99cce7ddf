import type { RequestHandler } from './$types';
import { storePiece } from '$lib/server/contact-imports/store-piece';
import { answerRest } from '$lib/server/http/rest';
import { readImportPiece } from '$lib/server/http/read-import-piece';

export const PUT: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		return { body: await storePiece({ ctx, input: await readImportPiece(event) }) };
	});
