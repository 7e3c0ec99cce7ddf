import { describe, expect, it } from 'vitest';
import examples from '../../../../../tests/fixtures/twilio/rest.errors.json';
import { endReasonOfError, refusalOf } from './refusals';

/** PROVIDERS.md 1.9: every code that a call can be refused or can fail with. */
const TABLE: [code: number, endReason: string, isRetryable: boolean, tells: RegExp][] = [
	[10001, 'provider_account_inactive', false, /administrator/],
	[10004, 'provider_busy', true, /try again when one has ended/],
	[13214, 'caller_id_refused', false, /caller id.*administrator/],
	[13224, 'invalid_number', false, /try again later/],
	[13227, 'country_not_enabled', false, /country.*administrator/],
	[20003, 'provider_credentials', false, /credentials.*administrator/],
	[20429, 'provider_busy', true, /try again in a moment/],
	[21202, 'number_blocked', false, /premium/],
	[21210, 'caller_id_refused', false, /caller id.*administrator/],
	[21211, 'invalid_number', false, /check it/],
	[21212, 'caller_id_refused', false, /caller id.*administrator/],
	[21214, 'unreachable_number', false, /no route/],
	[21215, 'country_not_enabled', false, /country.*administrator/],
	[21216, 'number_blocked', false, /does not call/],
	[21217, 'invalid_number', false, /check it/],
	[21219, 'number_not_verified', false, /trial/],
	[32205, 'country_not_enabled', false, /country.*administrator/]
];

describe("given Twilio's error codes", () => {
	it.each(TABLE)(
		'when it answers %i, then the call ended as %s, retryable: %s',
		(code, endReason, isRetryable, tells) => {
			const refusal = refusalOf(code, 400);
			expect(refusal).toMatchObject({ endReason, isRetryable });
			expect(refusal.message).toMatch(/^The call was not placed\. .+\.$/);
			expect(refusal.message).toMatch(tells);
			expect(endReasonOfError(String(code))).toBe(endReason);
		}
	);

	it('when it answers a code we do not know, then that is said, and nobody retries', () => {
		expect(refusalOf(21999, 400)).toEqual({
			endReason: 'provider_refused',
			message: 'The call was not placed. Twilio refused it (error 21999).',
			isRetryable: false
		});
		expect(refusalOf(0, 418).message).toContain('(error 418)');
		expect(endReasonOfError('21999')).toBeNull();
		expect(endReasonOfError(undefined)).toBeNull();
	});

	it('when the recorded answers are read, then those about placing a call are all known', () => {
		const codes = examples.map(({ body }) => body.code);
		expect(codes).toEqual([20003, 21211, 21220, 20429]);
		// 21220 is about changing a call that has ended: no refusal to place one.
		for (const code of codes.filter((one) => one !== 21220)) {
			expect(refusalOf(code, 400).endReason).not.toBe('provider_refused');
		}
	});
});
