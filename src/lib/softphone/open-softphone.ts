import type { DeviceTokenView } from '$lib/views';
import { SandboxDevice } from './sandbox-device';
import { TwilioDevice } from './twilio-device';
import type { SoftphoneDevice } from './types';

export interface SoftphoneOptions {
	/** Asks the server, as tRPC's `calls.deviceToken` does. */
	fetchToken: () => Promise<DeviceTokenView>;
	openDevice?: (kind: DeviceTokenView['device']) => SoftphoneDevice;
	/** Told of the device before it registers, so that nothing it says is missed. */
	onOpened?: (device: SoftphoneDevice) => void;
}

/**
 * Makes this browser a phone, and keeps it one: a token that runs out is replaced before, and one that
 * was refused is replaced once.
 * @throws what fetching the first token or registering threw
 */
export async function openSoftphone(options: SoftphoneOptions): Promise<SoftphoneDevice> {
	const { fetchToken, openDevice = newDevice, onOpened } = options;
	const first = await fetchToken();
	const device = openDevice(first.device);
	let isRefusedAgain = false;
	const renew = async () => {
		try {
			await device.register((await fetchToken()).token);
		} catch {
			// What is wrong is told by the device, or shows when the next call is placed.
		}
	};
	device.on((event) => {
		if (event.kind === 'registered') isRefusedAgain = false;
		if (event.kind === 'token_expiring') void renew();
		if (event.kind !== 'trouble' || event.trouble.remedy !== 'new_token' || isRefusedAgain) return;
		isRefusedAgain = true;
		void renew();
	});
	onOpened?.(device);
	await device.register(first.token);
	return device;
}

function newDevice(kind: DeviceTokenView['device']): SoftphoneDevice {
	return kind === 'sandbox' ? new SandboxDevice() : new TwilioDevice();
}
