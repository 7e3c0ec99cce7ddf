import { describe, expect, it } from 'vitest';
import { createMask } from './mask';

const mask = createMask(['a-twilio-auth-token', 'short']);

describe('createMask', () => {
	it.each([
		['called +14155550123 twice', 'called +14…23 twice'],
		['to=%2B919812345678&x=1', 'to=%2B91…78&x=1'],
		['GET /reset-password?token=abc-DEF_1 200', 'GET /reset-password?token=[redacted] 200'],
		[
			'/api/webhooks/bolna/call-status?key=s3cr3t"',
			'/api/webhooks/bolna/call-status?key=[redacted]"'
		],
		[`Bearer tt_${'x'.repeat(43)}`, 'Bearer [redacted]'],
		['"password":"a-twilio-auth-token"', '"password":"[redacted]"'],
		['a short word, 1764099999999 and 12 + 34', 'a short word, 1764099999999 and 12 + 34']
	])('given %s, then the line reads %s', (line, masked) => {
		expect(mask(line)).toBe(masked);
	});

	it('given a failed query, then its values are gone and its stack stays', () => {
		const line = JSON.stringify({
			message: 'Failed query: select $1\nparams: nora@asha.example,17\n    at run (x.ts:1)'
		});
		expect(mask(line)).not.toContain('nora');
		expect(mask(line)).toContain('at run (x.ts:1)');
	});
});
