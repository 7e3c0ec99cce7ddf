import { eq } from 'drizzle-orm';
import { identityOf } from '$lib/domain/call/identity';
import type { DeviceTokenView } from '$lib/views';
import { requirePerson } from '../authorize';
import type { Context, Person } from '../context';
import { organizations } from '../db/schema/index';
import { AppError } from '../errors';
import { sandboxOf } from '../softphone/relay-to-sandbox';

/** What the caller's browser registers with as a phone. It names the person, and allows nothing by itself. */
export async function createDeviceToken({ ctx }: { ctx: Context }): Promise<DeviceTokenView> {
	const person = requirePerson(ctx, 'calls.place');
	const adapter = ctx.services.providers.twilio;
	if (!adapter?.createDeviceToken || !(await usesTwilio(ctx, person))) {
		throw new AppError(
			'conflict',
			'Calling from the browser is not set up here. Call with your phone, or tell your administrator.'
		);
	}
	const { token, identity, lifetimeSeconds } = adapter.createDeviceToken(identityOf(person.userId));
	const device = sandboxOf(ctx.services.config) === null ? 'twilio' : 'sandbox';
	return { device, token, identity, lifetimeSeconds };
}

/** Whether calls of the person's organisation may go through the provider that browsers call with. */
async function usesTwilio(ctx: Context, { organizationId }: Person): Promise<boolean> {
	if (organizationId === null) return true;
	const [organization] = await ctx.services.database.db
		.select({ first: organizations.defaultProvider, others: organizations.providerFallbacks })
		.from(organizations)
		.where(eq(organizations.id, organizationId));
	return organization?.first === 'twilio' || (organization?.others ?? []).includes('twilio');
}
