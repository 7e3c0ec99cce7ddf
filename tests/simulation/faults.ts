/** How things go wrong: on the way of a delivery, and inside a process. */
import type { ApplyDelivery } from '$lib/domain/lane/commands';
import type { LaneFault } from './lane-port';
import type { Happening } from './provider';
import type { Random } from './random';

export interface Delivery {
	atMs: number;
	command: ApplyDelivery;
}

/** How bad the weather of a run is, in percent of all deliveries. */
export interface Weather {
	drop: number;
	repeat: number;
	delay: number;
	lie: number;
	nonsense: number;
	laneFault: number;
}

export function drawWeather(random: Random, isOnDisk: boolean): Weather {
	const isStorm = random.chance(35);
	return {
		drop: isStorm ? 20 : 5,
		repeat: isStorm ? 30 : 12,
		delay: isStorm ? 40 : 15,
		lie: isStorm ? 12 : 3,
		nonsense: isStorm ? 5 : 1,
		// A cut costs the real lane a real pause, so there are fewer of them.
		laneFault: isOnDisk ? (isStorm ? 5 : 2) : 8
	};
}

/** What reaches our door of one happening: nothing, one delivery, or several, sooner or later. */
export function deliver(happening: Happening, weather: Weather, random: Random): Delivery[] {
	if (random.chance(weather.drop)) return [];
	const told = deliveryOf(happening, random);
	const deliveries = [{ atMs: arrivalMs(happening.atMs, weather, random), command: told }];
	while (random.chance(weather.repeat)) {
		const command = { ...told, deliveryId: random.uuid() };
		deliveries.push({ atMs: arrivalMs(happening.atMs, weather, random), command });
	}
	if (happening.talkSeconds !== null && random.chance(weather.lie)) {
		const talkSeconds = random.pick([0, happening.talkSeconds + 1, happening.talkSeconds + 61]);
		const isOther = random.chance(30);
		const command = deliveryOf(happening, random);
		command.dedupeKey += ':again';
		command.event = isOther
			? { ...command.event, status: 'failed', talkSeconds: null, endReason: 'busy' }
			: { ...command.event, talkSeconds };
		deliveries.push({ atMs: arrivalMs(happening.atMs, weather, random) + 500, command });
	}
	if (random.chance(weather.nonsense)) {
		const command = deliveryOf(happening, random);
		command.dedupeKey += ':nonsense';
		command.event = random.chance(50)
			? { ...command.event, problems: ['CallDuration is not a number.'] }
			: { ...command.event, status: null, rawStatus: 'exploded', talkSeconds: null };
		deliveries.push({ atMs: arrivalMs(happening.atMs, weather, random), command });
	}
	return deliveries;
}

function arrivalMs(atMs: number, weather: Weather, random: Random): number {
	const latencyMs = random.between(50, 900);
	if (!random.chance(weather.delay)) return atMs + latencyMs;
	return atMs + latencyMs + random.pick([3_000, 20_000, 90_000, 600_000]);
}

function deliveryOf(happening: Happening, random: Random): ApplyDelivery {
	const { sid, callId, status, endReason, talkSeconds, atMs } = happening;
	return {
		kind: 'apply_delivery',
		deliveryId: random.uuid(),
		dedupeKey: `${sid}:${status}`,
		body: {},
		event: {
			provider: 'twilio',
			kind: 'status',
			facts: {},
			providerCallId: sid,
			callId: random.chance(75) ? callId : null,
			status,
			rawStatus: status,
			endReason,
			occurredAtMs: random.chance(85) ? atMs : null,
			talkSeconds,
			problems: []
		}
	};
}

export function drawLaneFault(weather: Weather, process: number, random: Random): LaneFault | null {
	if (!random.chance(weather.laneFault)) return null;
	const kind = random.weighted([
		[3, 'abort'],
		[2, 'cut_before_commit'],
		[2, 'cut_after_commit'],
		[4, 'crash_before_commit'],
		[4, 'crash_after_commit']
	] as const);
	return { process, kind, statement: random.below(16) };
}
