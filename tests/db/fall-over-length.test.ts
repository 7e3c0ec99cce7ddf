import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { placeCall } from '$lib/server/calls/place-call';
import type { Person } from '$lib/server/context';
import { setProviders } from '$lib/server/organizations/set-providers';
import { House, newNumber, type Tenant } from '../support/house';
import { RecordingProvider } from '../support/house-provider';

const twilio = new RecordingProvider('twilio');
const exotel = new RecordingProvider('exotel', '+918045678901');
const bolna = new RecordingProvider('bolna', '+918045678902');
Object.assign(bolna.capabilities, { canHangUp: false, canExtend: false, fixedCallSeconds: 300 });
twilio.answer = () => ({
	kind: 'refused',
	endReason: 'provider_busy',
	message: 'The call was not placed. Twilio is busy.'
});

let house: House;
let admin: Person;
let tenant: Tenant;
beforeAll(async () => {
	house = await House.open({ providers: { twilio, exotel, bolna } });
	admin = await house.createPerson('super_admin');
});
beforeEach(async () => {
	tenant = await house.createTenant({ minutes: 30 });
});
afterEach(() => house.expectBooksToBalance());
afterAll(() => house.close());

function dial() {
	return placeCall({ ctx: house.as(tenant.agent), input: { to: newNumber() } });
}

describe('a fall-back with a length of its own', () => {
	const orderedSo = (order: ('twilio' | 'exotel' | 'bolna')[]) =>
		setProviders({ ctx: house.as(admin), input: { organizationId: tenant.id, order } });

	it('given credit for it, when the first refuses, then that much is held before it is asked', async () => {
		await orderedSo(['twilio', 'bolna', 'exotel']);
		expect(await dial()).toMatchObject({ placed: true, call: { provider: 'bolna' } });
		expect(bolna.created.at(-1)).toMatchObject({ timeLimitSeconds: 300 });
		expect(await house.credit(tenant.id)).toMatchObject({ held: 5, live: 1 });
	});

	it('given less, when the first refuses, then the next after it carries the call', async () => {
		tenant = await house.createTenant({ minutes: 4 });
		await orderedSo(['twilio', 'bolna', 'exotel']);
		const before = bolna.created.length;
		expect(await dial()).toMatchObject({ placed: true, call: { provider: 'exotel' } });
		expect(bolna.created.length).toBe(before);
	});

	it('given less and no other, when the first refuses, then the call has failed, and its hold is back', async () => {
		tenant = await house.createTenant({ minutes: 4 });
		await orderedSo(['twilio', 'bolna']);
		await expect(dial()).rejects.toThrow(/Twilio is busy/);
		expect(await house.credit(tenant.id)).toMatchObject({ held: 0, live: 0 });
	});
});
