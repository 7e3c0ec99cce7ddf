import type { RequestHandler } from './$types';
import { LinkCallBody, LookupContactQuery } from '$lib/inputs/rest';
import { requirePerson } from '$lib/server/authorize';
import { linkCall } from '$lib/server/contacts/link-call';
import { lookupContact } from '$lib/server/contacts/lookup-contact';
import { answerRest, readJson } from '$lib/server/http/rest';
import { toContactBody } from '$lib/server/http/rest-bodies';
import { parseInput } from '$lib/server/parse';

export const GET: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'contacts.lookup');
		const query = Object.fromEntries(event.url.searchParams);
		const contact = await lookupContact({ ctx, input: parseInput(LookupContactQuery, query) });
		return { body: { contact: contact && toContactBody(contact) } };
	});

export const POST: RequestHandler = (event) =>
	answerRest(event, async () => {
		const { ctx } = event.locals;
		requirePerson(ctx, 'contacts.lookup');
		const linked = await linkCall({ ctx, input: await readJson(event, LinkCallBody) });
		const contact = linked.contact && toContactBody(linked.contact);
		return { body: { contact, call_id: linked.callId } };
	});
