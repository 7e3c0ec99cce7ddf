import { expect, test } from 'vitest';
import { readRetryRules, withoutFragment } from './retry-rules';

test('without a fragment: one retry, only when there was no connection', () => {
	const rules = readRetryRules('http://localhost/status');
	expect(rules).toMatchObject({ connectTimeoutMs: 5_000, readTimeoutMs: 15_000, retryCount: 1 });
	expect([...rules.retryOn]).toEqual(['ct']);
});

test('reads counts, times and causes, and bounds them', () => {
	const rules = readRetryRules('http://localhost/status?x=y#rc=9&rp=5xx,rt&ct=1&rt=99999&tt=200');
	expect(rules).toMatchObject({
		connectTimeoutMs: 100,
		readTimeoutMs: 15_000,
		totalTimeMs: 200,
		retryCount: 5
	});
	expect([...rules.retryOn]).toEqual(['rt', '5xx']);
});

test('rp=all means every cause', () => {
	expect(readRetryRules('http://localhost/#rc=3&rp=all').retryOn.size).toBe(4);
});

test('the fragment does not travel', () => {
	expect(withoutFragment('http://localhost/status?x=y#rc=3&rp=all')).toBe(
		'http://localhost/status?x=y'
	);
});
