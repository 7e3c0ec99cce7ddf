/** The tenants of a run: every way to pay, every rounding, zones on both sides of midnight. */
import type { BillingMode, Rate } from '$lib/domain/credit/types';
import type { Random } from './random';

export interface OrganizationSettings {
	mode: BillingMode;
	timezone: string;
	estimateMinutes: number;
	overdraftMinutes: number;
	overdraftMicros: bigint;
}

/** Prices that do not divide evenly, one that is nothing, and increments of a minute, of six seconds and of one. */
export const RATES: readonly Rate[] = [
	{ prefix: '', perMinuteMicros: 100_000n, initialSeconds: 60, incrementSeconds: 60 },
	{ prefix: '1202', perMinuteMicros: 33_333n, initialSeconds: 30, incrementSeconds: 6 },
	{ prefix: '1415', perMinuteMicros: 71_007n, initialSeconds: 1, incrementSeconds: 1 },
	{ prefix: '91', perMinuteMicros: 250_000n, initialSeconds: 60, incrementSeconds: 45 },
	{ prefix: '1800', perMinuteMicros: 0n, initialSeconds: 60, incrementSeconds: 60 }
];

export const MODES: readonly BillingMode[] = ['minutes_then_wallet', 'minutes', 'wallet'];
const TIME_ZONES = ['Asia/Kolkata', 'America/New_York', 'UTC', 'Pacific/Auckland'] as const;

/** @param index the first three organisations of a run pay in the three modes */
export function drawOrganization(random: Random, index: number): OrganizationSettings {
	const hasOverdraft = random.chance(40);
	return {
		mode: MODES[index % MODES.length] ?? 'minutes',
		timezone: random.pick(TIME_ZONES),
		estimateMinutes: random.pick([1, 2, 3, 3, 5]),
		overdraftMinutes: hasOverdraft ? random.between(1, 6) : 0,
		overdraftMicros: hasOverdraft ? BigInt(random.between(100_000, 900_000)) : 0n
	};
}
