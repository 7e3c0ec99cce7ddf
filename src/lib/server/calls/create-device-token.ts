import { identityOf } from '$lib/domain/call/identity';
import type { DeviceTokenView } from '$lib/views';
import { requirePerson } from '../authorize';
import type { Context } from '../context';
import { AppError } from '../errors';
import { sandboxOf } from '../softphone/relay-to-sandbox';

/** What the caller's browser registers with as a phone. It names the person, and allows nothing by itself. */
export async function createDeviceToken({ ctx }: { ctx: Context }): Promise<DeviceTokenView> {
	const person = requirePerson(ctx, 'calls.place');
	const adapter = ctx.services.providers.twilio;
	if (!adapter?.createDeviceToken) {
		throw new AppError(
			'conflict',
			'Calling from the browser is not set up here. Call with your phone, or tell your administrator.'
		);
	}
	const { token, identity, lifetimeSeconds } = adapter.createDeviceToken(identityOf(person.userId));
	const device = sandboxOf(ctx.services.config) === null ? 'twilio' : 'sandbox';
	return { device, token, identity, lifetimeSeconds };
}
