import { describe, expect, it } from 'vitest';
import type { AlertKind } from './kinds';
import { readCreditAlerts, type CreditFigures } from './readings';
import { alertWords } from './words';

const FINE: CreditFigures = {
	billingMode: 'minutes_then_wallet',
	remainingMinutes: 100,
	grantedMinutes: 100,
	balanceMicros: 50_000_000n,
	isWalletUsed: true,
	lowBalanceMicros: 10_000_000n,
	refillState: 'armed',
	hourMinutes: 10,
	usualDayMinutes: 80,
	affordableMinutes: 600,
	pauseReason: null
};

function read(kind: AlertKind, change: Partial<CreditFigures>) {
	const reading = readCreditAlerts({ ...FINE, ...change }).find((one) => one.kind === kind);
	return [reading?.level, reading?.isWellAgain];
}

describe('given the figures of an organisation', () => {
	it('when all is fine, then nothing is wrong and all is well', () => {
		for (const reading of readCreditAlerts(FINE)) {
			expect(reading).toMatchObject({ level: 0, isWellAgain: true });
		}
	});

	it.each<[AlertKind, string, Partial<CreditFigures>, [number, boolean]]>([
		['low_minutes', 'just over a fifth', { remainingMinutes: 21 }, [0, false]],
		['low_minutes', 'exactly a fifth', { remainingMinutes: 20 }, [1, false]],
		['low_minutes', 'a tenth', { remainingMinutes: 10 }, [2, false]],
		['low_minutes', 'none', { remainingMinutes: 0 }, [3, false]],
		['low_minutes', 'over a quarter', { remainingMinutes: 26 }, [0, true]],
		[
			'low_minutes',
			'nothing was ever granted',
			{ grantedMinutes: 0, remainingMinutes: 0 },
			[0, true]
		],
		[
			'low_minutes',
			'only the wallet pays',
			{ billingMode: 'wallet', remainingMinutes: 0 },
			[0, true]
		],
		['low_balance', 'exactly at the line', { balanceMicros: 10_000_000n }, [1, false]],
		['low_balance', 'just over the line', { balanceMicros: 10_500_000n }, [0, false]],
		['low_balance', 'a tenth over the line', { balanceMicros: 11_010_000n }, [0, true]],
		['low_balance', 'empty', { balanceMicros: 0n }, [2, false]],
		['low_balance', 'never used', { balanceMicros: 0n, isWalletUsed: false }, [0, true]],
		['low_balance', 'only minutes pay', { balanceMicros: 0n, billingMode: 'minutes' }, [0, true]],
		['time_to_empty', 'an hour', { hourMinutes: 60, affordableMinutes: 60 }, [1, false]],
		[
			'time_to_empty',
			'an hour and a quarter',
			{ hourMinutes: 60, affordableMinutes: 75 },
			[0, false]
		],
		['time_to_empty', 'two hours', { hourMinutes: 60, affordableMinutes: 120 }, [0, true]],
		['time_to_empty', 'nobody calls', { hourMinutes: 0, affordableMinutes: 1 }, [0, true]],
		['refill_failed', 'a wait after a decline', { refillState: 'backoff' }, [1, false]],
		['refill_failed', 'a pause', { refillState: 'paused' }, [2, false]],
		['spending_velocity', 'a usual day in an hour', { hourMinutes: 81 }, [1, false]],
		['spending_velocity', 'a small one', { hourMinutes: 50, usualDayMinutes: 1 }, [0, false]],
		['spending_velocity', 'half of it', { hourMinutes: 40 }, [0, true]],
		['calling_paused', 'the guard stopped it', { pauseReason: 'spending' }, [1, false]]
	])('when %s is read at %s, then its level is right', (kind, _what, change, expected) => {
		expect(read(kind, change)).toEqual(expected);
	});

	it('when an alert is put into words, then every number it names is there', () => {
		const all = readCreditAlerts({ ...FINE, hourMinutes: 600, affordableMinutes: 100 });
		for (const { kind, numbers } of all) {
			for (const level of [1, 2, 3]) {
				const { title, message } = alertWords(kind, level, 'Asha Travels', numbers);
				expect(`${title} ${message}`).not.toContain('undefined');
			}
		}
	});
});
