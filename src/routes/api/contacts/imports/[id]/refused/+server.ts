import type { RequestHandler } from './$types';
import { ImportIdInput } from '$lib/inputs';
import { requirePerson } from '$lib/server/authorize';
import { listRefusedRows } from '$lib/server/contact-imports/list-refused-rows';
import { answerRest } from '$lib/server/http/rest';
import { sendCsv } from '$lib/server/http/send-csv';
import { parseInput } from '$lib/server/parse';

export const GET: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'contacts.import');
		const input = parseInput(ImportIdInput, { importId: event.params.id });
		return sendCsv(await listRefusedRows({ ctx, input }));
	});
