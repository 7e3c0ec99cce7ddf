/**
 * Places one call in three steps, none of which holds a transaction over a foreign call: the lane checks,
 * holds and commits; the provider is asked; the lane books its answer. A crash between any two leaves a
 * held call that the sweeper resolves.
 */
import { and, eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { isCallIdOfNow } from '$lib/domain/call/call-ids';
import { parsePhone } from '$lib/domain/phone';
import type { PlaceCallInput } from '$lib/inputs';
import type { BlockView, PlaceCallView } from '$lib/views';
import { requireOrganizationId, requirePerson } from '../authorize';
import { findBar } from '../contacts/create-contact';
import { findContactByPhone } from '../contacts/lookup-contact';
import type { Context, Person } from '../context';
import { contacts, organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { toBlockView } from '../minutes/block-view';
import { findRateFor } from '../wallet/find-rate';
import { toCallView } from './call-rows';
import { chooseProviders, type Carriers } from './choose-providers';
import { findCallerId } from './find-caller-id';
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
	const organization = await getOrganization(ctx, organizationId);
	const target = await findTarget(ctx, organization, input);
	const agentPhone = readAgentPhone(input, person, organization.country);
	const device = input.device ?? 'phone';
	const carriers = chooseProviders(ctx, organization, { named: input.provider, agentPhone });
	const [first] = device === 'browser' ? requireBrowser(carriers) : carriers;
	const [from, rate] = await Promise.all([
		findCallerId(ctx, first, { ...target, organizationId }),
		findRateFor(ctx, target.e164)
	]);

	const result = await ctx.services.lane.submit({
		kind: 'place_call',
		callId: readCallId(input, ctx.nowMs),
		holdId: uuid(),
		organizationId,
		user: { id: person.userId, name: person.name },
		contact: target.contact,
		campaignId: null,
		provider: first.name,
		from,
		to: target.e164,
		country: target.country,
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
			return { placed: true, call: toCallView(await getOwnCall(ctx, person, result.call.id)) };
	}
}

/** A refusal the REST call answers with, as an error of the same code. */
export function blockError(block: BlockView): AppError {
	return new AppError(block.code, `${block.message} ${block.wayOut}`);
}

async function getOrganization(ctx: Context, organizationId: number) {
	const [found] = await ctx.services.database.db
		.select()
		.from(organizations)
		.where(eq(organizations.id, organizationId));
	if (!found) throw new AppError('not_found', 'organization_id names no organisation.');
	return found;
}

interface Target {
	e164: string;
	country: string;
	contact: { id: string; name: string } | null;
}

async function findTarget(
	ctx: Context,
	organization: { id: number; country: string },
	input: PlaceCallInput
): Promise<Target> {
	const { db } = ctx.services.database;
	const tenant = eq(contacts.organizationId, organization.id);
	if (input.contactId !== undefined) {
		const [contact] = await db
			.select()
			.from(contacts)
			.where(and(tenant, eq(contacts.id, input.contactId)));
		if (!contact) throw new AppError('not_found', 'contact_id names no contact of yours.');
		if (contact.doNotCall) throw invalidField('to', `${contact.name} must not be called.`);
		if (contact.archivedAt) {
			throw invalidField('to', `${contact.name} was archived. Restore the contact to call it.`);
		}
		return { ...readNumber(contact.phone, organization.country), contact };
	}
	const number = readNumber(input.to ?? '', organization.country);
	const [contact, bar] = await Promise.all([
		findContactByPhone(db, organization.id, number.e164),
		findBar(db, organization.id, number.e164)
	]);
	if (contact?.doNotCall) throw invalidField('to', `${contact.name} must not be called.`);
	if (bar.doNotCall) {
		throw invalidField('to', `${number.e164} must not be called.`);
	}
	return { ...number, contact };
}

function readNumber(text: string, country: string) {
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
