import type { RequestHandler } from './$types';
import { ContactsQuery } from '$lib/inputs/rest';
import { requirePerson } from '$lib/server/authorize';
import { exportContacts } from '$lib/server/contacts/export-contacts';
import { answerRest } from '$lib/server/http/rest';
import { sendCsv } from '$lib/server/http/send-csv';
import { parseInput } from '$lib/server/parse';

export const GET: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'contacts.export');
		const query = Object.fromEntries(event.url.searchParams);
		return sendCsv(await exportContacts({ ctx, input: parseInput(ContactsQuery, query) }));
	});
