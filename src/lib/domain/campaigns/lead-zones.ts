import { isTimeZone } from '../time-zone';
import { ZONES_BY_PREFIX } from './zones-by-prefix';

const PREFIX_DIGITS_MAX = 9;
/**
 * Google names one zone for mobile numbers of these countries, though they are given out for all of it: their
 * leads may be in any zone of the country. Queensland has Brisbane's clocks, not only Sydney's.
 */
const WHOLE_COUNTRY: Record<string, readonly string[]> = {
	'7': ['79'],
	'34': ['346', '347'],
	'56': ['569'],
	'61': ['614', '617'],
	'62': ['628'],
	'64': ['642'],
	'299': ['2992', '2994', '2995'],
	'593': ['5939'],
	'976': ['9768', '9769']
};
let zonesByPrefix: Map<string, readonly string[]> | null = null;

/**
 * The zones a lead may be in: the one that was entered, else every one the number may belong to. A number
 * says where it was given out; where that is a whole country, all its zones are possible.
 * @param phone E.164
 * @returns IANA zones; empty when nothing is known (satellite and international numbers)
 */
export function possibleZones(lead: { timezone: string | null; phone: string }): readonly string[] {
	if (lead.timezone !== null && isTimeZone(lead.timezone)) return [lead.timezone];
	return zonesOfNumber(lead.phone);
}

function zonesOfNumber(phone: string): readonly string[] {
	const table = (zonesByPrefix ??= readTable());
	for (let length = PREFIX_DIGITS_MAX; length > 0; length--) {
		const zones = table.get(phone.slice(1, 1 + length));
		if (zones) return zones;
	}
	return [];
}

function readTable(): Map<string, readonly string[]> {
	const table = new Map<string, readonly string[]>();
	for (const line of ZONES_BY_PREFIX.trim().split('\n')) {
		const [zones = '', prefixes = ''] = line.split(' = ');
		const list = zones.split(' ');
		for (const prefix of prefixes.split(' ')) table.set(prefix, list);
	}
	for (const [country, prefixes] of Object.entries(WHOLE_COUNTRY)) {
		for (const prefix of prefixes) table.set(prefix, table.get(country) ?? []);
	}
	return table;
}
