/**
 * Places one call in three steps, none of which holds a transaction over a foreign call: the lane checks,
 * holds and commits; the provider is asked; the lane books its answer. A crash between any two leaves a
 * held call that the sweeper resolves.
 */
import { and, eq, sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { Call } from '$lib/domain/call/call';
import { isCallIdOfNow } from '$lib/domain/call/call-ids';
import { parsePhone } from '$lib/domain/phone';
import type { PlaceCallInput } from '$lib/inputs';
import type { BlockView, CallView, PlaceCallView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import { findBar } from '../contacts/create-contact';
import { findContactByPhone } from '../contacts/lookup-contact';
import type { Context, Person } from '../context';
import type { Database } from '../db/client';
import { writeOnce } from '../db/prepared';
import { contacts, organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { toCallView as viewCall } from '../lane/views';
import { toBlockView } from '../minutes/block-view';
import { findRateFor } from '../wallet/find-rate';
import { toCallView } from './call-rows';
import { chooseProviders, type Carriers } from './choose-providers';
import { callerIdOf, listCallerIdsOf } from './find-caller-id';
import { getOwnCall } from './get-own-call';
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
	// Asked in one moment, as far as nothing has to be known first, they share a transaction.
	const asked = getOrganization(ctx, organizationId);
	const target = readTarget(ctx, organizationId, asked, input);
	const [organization, number, contact, pool, rate] = await Promise.all([
		asked,
		target,
		target.then(({ named, e164 }) => named ?? findCallable(ctx, organizationId, e164)),
		listCallerIdsOf(ctx, organizationId),
		target.then(({ e164 }) => findRateFor(ctx, e164))
	]);
	const agentPhone = readAgentPhone(input, person, organization.country);
	const device = input.device ?? 'phone';
	const carriers = chooseProviders(ctx, organization, { named: input.provider, agentPhone });
	const [first] = device === 'browser' ? requireBrowser(carriers) : carriers;

	const result = await ctx.services.lane.submit({
		kind: 'place_call',
		callId: readCallId(input, ctx.nowMs),
		holdId: uuid(),
		organizationId,
		user: { id: person.userId, name: person.name },
		contact,
		campaignId: null,
		provider: first.name,
		from: callerIdOf(pool, first, { ...number, organizationId }),
		to: number.e164,
		country: number.country,
		estimateMinutes: input.estimatedDurationMinutes ?? null,
		rate,
		isOverdraftAgreed: input.isOverdraftAgreed ?? false,
		device,
		canBeCut: first.capabilities.canHangUp,
		fixedSeconds: first.capabilities.fixedCallSeconds,
		idempotencyKey: input.idempotencyKey ?? null
	});
	switch (result.kind) {
		// Only calls of a campaign can be halted, and a person's call is of none.
		case 'halted':
		case 'unknown_organization':
			throw new AppError('not_found', 'organization_id names no organisation.');
		case 'blocked':
			return { placed: false, block: await toBlockView(ctx, organization, result.block) };
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

async function getOrganization(ctx: Context, organizationId: number) {
	const [found] = await organizationById(ctx.services.database.quick).execute({ organizationId });
	if (!found) throw new AppError('not_found', 'organization_id names no organisation.');
	return found;
}

const organizationById = writeOnce((db: Pick<Database, 'select'>) =>
	db
		.select()
		.from(organizations)
		.where(eq(organizations.id, sql.placeholder('organizationId')))
		.prepare('organization_by_id')
);

interface Target {
	e164: string;
	country: string;
	/** The contact that was named; a number may still be somebody's. */
	named: { id: string; name: string } | null;
}

async function readTarget(
	ctx: Context,
	organizationId: number,
	organization: Promise<{ country: string }>,
	{ contactId, to = '' }: PlaceCallInput
): Promise<Target> {
	if (contactId === undefined) return { ...(await readDialled(to, organization)), named: null };
	const [contact] = await ctx.services.database.db
		.select()
		.from(contacts)
		.where(and(eq(contacts.organizationId, organizationId), eq(contacts.id, contactId)));
	if (!contact) throw new AppError('not_found', 'contact_id names no contact of yours.');
	if (contact.doNotCall) throw invalidField('to', `${contact.name} must not be called.`);
	if (contact.archivedAt) {
		throw invalidField('to', `${contact.name} was archived. Restore the contact to call it.`);
	}
	return { ...readNumber(contact.phone), named: contact };
}

/** Whose number it is, if anybody's who may be called. */
async function findCallable(ctx: Context, organizationId: number, phone: string) {
	const { quick } = ctx.services.database;
	const [contact, bar] = await Promise.all([
		findContactByPhone(quick, organizationId, phone),
		findBar(quick, organizationId, phone)
	]);
	if (contact?.doNotCall) throw invalidField('to', `${contact.name} must not be called.`);
	if (bar.doNotCall) throw invalidField('to', `${phone} must not be called.`);
	return contact;
}

/** As somebody typed it: a number without its country's code is one of the organisation's country. */
async function readDialled(text: string, organization: Promise<{ country: string }>) {
	if (text.trimStart().startsWith('+')) return readNumber(text);
	return readNumber(text, (await organization).country);
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
