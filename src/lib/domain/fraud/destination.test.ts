import { describe, expect, it } from 'vitest';
import { isInCountries, readDestination } from './destination';

describe('what sort of number it is', () => {
	it.each([
		// Premium ranges that attacks call.
		['+19005550123', 'premium'],
		['+449098790000', 'premium'],
		['+499001654321', 'premium'],
		['+33899123456', 'premium'],
		['+34803123456', 'premium'],
		['+39899123456', 'premium'],
		['+31909123456', 'premium'],
		['+41900123456', 'premium'],
		['+43930123456', 'premium'],
		['+611900123456', 'premium'],
		['+979123456789', 'premium'],
		['+448451234567', 'premium'],
		['+49180123456', 'shared_cost'],
		['+870773111632', 'satellite'],
		['+881612345678', 'satellite'],
		['+882341234567', 'satellite'],
		['+883510012345', 'satellite'],
		['+447012345678', 'special'],
		['+878101234567890', 'special'],
		['+15005550123', 'special'],
		['+911', 'short'],
		['+44999', 'short']
	])('given %s, then it is refused as %s', (e164, kind) => {
		expect(readDestination(e164).kind).toBe(kind);
	});

	it.each([
		'+12025550123',
		'+442079460961',
		'+447911123456',
		'+919820012345',
		'+4930123456',
		'+491701234567',
		'+18005550123',
		'+448001111111'
	])('given the ordinary number %s, then it may be called', (e164) => {
		expect(readDestination(e164).kind).toBeNull();
	});

	it('given a free number of North America, then it lies in each of its countries and in no other', () => {
		const free = readDestination('+18005550123');
		expect(isInCountries(free, 'ZZ', ['US'])).toBe(true);
		expect(isInCountries(free, 'ZZ', ['CA', 'IN'])).toBe(true);
		expect(isInCountries(free, 'ZZ', ['IN', 'GB'])).toBe(false);
		expect(isInCountries(readDestination('+18765550123'), 'JM', ['US'])).toBe(false);
	});
});
