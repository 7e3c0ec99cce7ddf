import type { Cookies } from '@sveltejs/kit';
import { DEVICE_SECONDS } from '../auth/known-devices';
import { readConfigOnce } from '../process';

const isSecure = () => readConfigOnce().origin.startsWith('https:');
const cookieName = () => (isSecure() ? '__Host-talktime-device' : 'talktime_device');

/** Whether somebody signed in with this browser before; null: nobody. */
export function readDeviceCookie(cookies: Cookies): string | null {
	return cookies.get(cookieName())?.slice(0, 100) ?? null;
}

export function keepDeviceCookie(cookies: Cookies, device: string): void {
	cookies.set(cookieName(), device, {
		path: '/',
		httpOnly: true,
		sameSite: 'lax',
		secure: isSecure(),
		maxAge: DEVICE_SECONDS
	});
}
