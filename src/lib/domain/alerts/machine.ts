/**
 * How an alert is raised and resolved. A value that hovers at its line must not ring all day: a crossing is
 * confirmed, an alarm is latched until the value is well beyond the line and has stayed there, and nobody is
 * told twice of the same within the cool-down (LESSONS.md 2.10; Akash needed all three).
 *
 *   ok ──crossed──▸ rising ──confirmed──▸ alarm ──well again──▸ recovering ──stayed so──▸ ok
 */
export type AlertPhase = 'ok' | 'rising' | 'alarm' | 'recovering';

export interface AlertState {
	phase: AlertPhase;
	/** The worst level of this alarm; 0 while there is none. */
	level: number;
	/** Since when it is in this phase, milliseconds since 1970 UTC. */
	sinceMs: number;
	/** When people were last told, and of which level. */
	toldAtMs: number | null;
	toldLevel: number;
}

export interface AlertReading {
	/** 0: nothing is wrong; from 1, the higher the worse. Exactly on the line is wrong. */
	level: number;
	/** Beyond the line by the margin: only this ends an alarm. */
	isWellAgain: boolean;
}

export interface AlertTimes {
	/** How long a crossing must last before it counts. */
	confirmMs: number;
	/** How long it must be well again before the alarm ends. */
	recoverMs: number;
	/** How long nobody is told of the same level again. */
	cooldownMs: number;
}

export type AlertEffect =
	| null
	/** `isTold`: people are told; otherwise it only stands in the inbox. */
	| { kind: 'raise'; level: number; isTold: boolean }
	| { kind: 'resolve' };

export const ALERT_AT_REST: AlertState = {
	phase: 'ok',
	level: 0,
	sinceMs: 0,
	toldAtMs: null,
	toldLevel: 0
};

/**
 * The state after one more reading, and what is to be done.
 * @param nowMs the moment of the reading, milliseconds since 1970 UTC
 */
export function stepAlert(
	state: AlertState,
	reading: AlertReading,
	times: AlertTimes,
	nowMs: number
): { state: AlertState; effect: AlertEffect } {
	const isWrong = reading.level > 0;
	switch (state.phase) {
		case 'ok':
			if (!isWrong) return { state, effect: null };
			if (times.confirmMs === 0) return raise(state, reading.level, times, nowMs);
			return { state: { ...state, phase: 'rising', sinceMs: nowMs }, effect: null };
		case 'rising':
			if (!isWrong) return { state: { ...state, phase: 'ok', sinceMs: nowMs }, effect: null };
			if (nowMs - state.sinceMs < times.confirmMs) return { state, effect: null };
			return raise(state, reading.level, times, nowMs);
		case 'alarm':
			if (reading.level > state.level) return raise(state, reading.level, times, nowMs);
			if (!reading.isWellAgain) return { state, effect: null };
			if (times.recoverMs === 0) return resolve(state, nowMs);
			return { state: { ...state, phase: 'recovering', sinceMs: nowMs }, effect: null };
		case 'recovering':
			if (!reading.isWellAgain) {
				const back: AlertState = { ...state, phase: 'alarm', sinceMs: nowMs };
				return reading.level > state.level
					? raise(back, reading.level, times, nowMs)
					: { state: back, effect: null };
			}
			if (nowMs - state.sinceMs < times.recoverMs) return { state, effect: null };
			return resolve(state, nowMs);
	}
}

/** Told again only of something worse, or when the cool-down is over. */
function raise(
	state: AlertState,
	level: number,
	times: AlertTimes,
	nowMs: number
): { state: AlertState; effect: AlertEffect } {
	const isCold = state.toldAtMs === null || nowMs - state.toldAtMs >= times.cooldownMs;
	const isTold = isCold || level > state.toldLevel;
	const told = isTold ? { toldAtMs: nowMs, toldLevel: level } : {};
	return {
		state: { ...state, ...told, phase: 'alarm', level, sinceMs: nowMs },
		effect: { kind: 'raise', level, isTold }
	};
}

function resolve(state: AlertState, nowMs: number): { state: AlertState; effect: AlertEffect } {
	return {
		state: { ...state, phase: 'ok', level: 0, sinceMs: nowMs },
		effect: { kind: 'resolve' }
	};
}
