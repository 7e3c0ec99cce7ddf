/**
 * Places one call in three steps, none of which holds a transaction over a foreign call: the lane checks,
 * holds and commits; the provider is asked; the lane books its answer. A crash between any two leaves a
 * held call that the sweeper resolves.
 */
import { and, eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { Call } from '$lib/domain/call/call';
import { isCallIdOfNow } from '$lib/domain/call/call-ids';
import { parsePhone, type PhoneNumber } from '$lib/domain/phone';
import type { PlaceCallInput } from '$lib/inputs';
import type { BlockView, CallView, PlaceCallView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import { getCountry } from '../contacts/contact-rows';
import type { Context, Person } from '../context';
import { contacts } from '../db/schema/index';
import { AppError } from '../errors';
import { toCallView as viewCall } from '../lane/views';
import { toBlockView } from '../minutes/block-view';
import { toPlatformContact } from '../settings/platform-settings';
import { toCallView } from './call-rows';
import { chooseProviders, type Carriers } from './choose-providers';
import { callerIdOf } from './find-caller-id';
import { getOwnCall } from './get-own-call';
import { placingOf, readPlacingRow, type Placing } from './read-placing';
import { submitCall } from './submit-call';

export async function placeCall({
	ctx,
	input
}: {
	ctx: Context;
	input: PlaceCallInput;
}): Promise<PlaceCallView> {
	const person = requirePerson(ctx, 'calls.place');
	const organizationId = requireOrganizationId(person, input.organizationId);
	const { number, named } = await readTarget(ctx, organizationId, input);
	const device = input.device ?? 'phone';
	const callId = readCallId(input, ctx.nowMs);
	const holdId = uuid();
	const intent = {
		kind: 'place_call' as const,
		callId,
		organizationId,
		user: { id: person.userId, name: person.name },
		to: number.e164,
		campaignId: null,
		idempotencyKey: input.idempotencyKey ?? null
	};
	// Looked up by the lane: what the call is placed with is as true as the credit it is held from.
	const seen: { looked: Looked | null } = { looked: null };
	const result = await ctx.services.lane.place(intent, {
		...placingOf(ctx, organizationId, number.e164),
		complete(row) {
			if (!row) throw new AppError('not_found', 'organization_id names no organisation.');
			const placing = readPlacingRow(row);
			const { organization, rate } = placing;
			const contact = requireCallable(placing, number.e164, named);
			const agentPhone = readAgentPhone(input, person, organization.country);
			const carriers = chooseProviders(ctx, organization, { named: input.provider, agentPhone });
			const [first] = device === 'browser' ? requireBrowser(carriers) : carriers;
			seen.looked = { organization, platform: placing.platform, carriers, agentPhone };
			return {
				...intent,
				holdId,
				contact: contact && { id: contact.id, name: contact.name },
				provider: first.name,
				from: callerIdOf(placing.callerIds, first, { ...number, organizationId }),
				country: number.country,
				estimateMinutes: input.estimatedDurationMinutes ?? null,
				rate,
				isOverdraftAgreed: input.isOverdraftAgreed ?? false,
				device,
				canBeCut: first.capabilities.canHangUp,
				fixedSeconds: first.capabilities.fixedCallSeconds
			};
		}
	});
	if (!seen.looked) throw new Error('The lane answered for a call without looking it up.');
	const { organization, platform, carriers, agentPhone } = seen.looked;
	switch (result.kind) {
		// Only calls of a campaign can be halted, and a person's call is of none.
		case 'halted':
		case 'unknown_organization':
			throw new AppError('not_found', 'organization_id names no organisation.');
		case 'blocked':
			return {
				placed: false,
				block: toBlockView(organization, toPlatformContact(ctx, platform), result.block)
			};
		case 'placed':
			if (result.call.organizationId !== organizationId) {
				throw new AppError('conflict', 'requestId is already in use.');
			}
			// A call from the browser is dialled when the browser has connected (receive-twilio-voice.ts).
			if (!result.repeated && device === 'phone') {
				await submitCall(ctx, result.call, carriers, {
					agentPhone,
					isRecorded: organization.recordsCalls,
					detectsMachine: organization.detectsMachines
				});
			}
			return { placed: true, call: await viewOf(ctx, person, organization, result) };
	}
}

/** What the call was completed with, for what comes after it. */
interface Looked extends Pick<Placing, 'organization' | 'platform'> {
	carriers: Carriers;
	agentPhone: string | null;
}

/**
 * The call as its caller sees it. A browser's is as the lane made it, since nothing was dialled yet; what a
 * provider was asked for, or an earlier request made, may have gone on.
 */
async function viewOf(
	ctx: Context,
	person: Person,
	organization: { name: string },
	{ call, repeated }: { call: Call; repeated: boolean }
): Promise<CallView> {
	const isAsMade = call.device === 'browser' && !repeated;
	if (isAsMade) return viewCall(call, organization.name, null);
	return toCallView(await getOwnCall(ctx, person, call.id));
}

/** A refusal the REST call answers with, as an error of the same code. */
export function blockError(block: BlockView): AppError {
	return new AppError(block.code, `${block.message} ${block.wayOut}`);
}

interface Named {
	id: string;
	name: string;
}

/** The number to dial, and the contact if one was named; a number may still be somebody's. */
async function readTarget(
	ctx: Context,
	organizationId: number,
	{ contactId, to = '' }: PlaceCallInput
): Promise<{ number: PhoneNumber; named: Named | null }> {
	if (contactId === undefined) {
		// As somebody typed it: without its country's code it is one of the organisation's country.
		const isWhole = to.trimStart().startsWith('+');
		const country = isWhole ? undefined : await getCountry(ctx, organizationId);
		return { number: readNumber(to, country), named: null };
	}
	const [contact] = await ctx.services.database.db
		.select()
		.from(contacts)
		.where(and(eq(contacts.organizationId, organizationId), eq(contacts.id, contactId)));
	if (!contact) throw new AppError('not_found', 'contact_id names no contact of yours.');
	if (contact.doNotCall) throw invalidField('to', `${contact.name} must not be called.`);
	if (contact.archivedAt) {
		throw invalidField('to', `${contact.name} was archived. Restore the contact to call it.`);
	}
	return { number: readNumber(contact.phone), named: contact };
}

/** Whom the call is for: the contact that was named, or whoever has the number, if anybody's. */
function requireCallable({ contact, isBarred }: Placing, e164: string, named: Named | null) {
	if (contact?.doNotCall) throw invalidField('to', `${contact.name} must not be called.`);
	if (named) return named;
	if (isBarred) throw invalidField('to', `${e164} must not be called.`);
	return contact;
}

function readNumber(text: string, country?: string) {
	const number = parsePhone(text, country);
	if (!number) {
		throw invalidField('to', `to is no phone number that can be called: "${text.slice(0, 40)}".`);
	}
	return number;
}

function readCallId({ requestId }: PlaceCallInput, nowMs: number): string {
	if (requestId === undefined) return uuid({ msecs: nowMs });
	if (isCallIdOfNow(requestId, nowMs)) return requestId;
	throw invalidField(
		'requestId',
		'requestId was not made now: set the clock of this device right.'
	);
}

function readAgentPhone(input: PlaceCallInput, person: Person, country: string): string | null {
	if (input.agentPhone === undefined) return person.phone;
	const number = parsePhone(input.agentPhone, country);
	if (!number) throw invalidField('agent_phone', 'agent_phone is no phone number.');
	return number.e164;
}

/** Those through which a browser can call. */
function requireBrowser(carriers: Carriers): Carriers {
	const [first, ...others] = carriers.filter(({ createDeviceToken }) => createDeviceToken);
	if (first) return [first, ...others];
	throw invalidField('device', `device browser is not set up for ${carriers[0].name}.`);
}

function invalidField(field: string, sentence: string): AppError {
	return new AppError('invalid', sentence, { [field]: sentence });
}
