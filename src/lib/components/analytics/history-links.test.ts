import { describe, expect, it } from 'vitest';
import { hrefOfCalls, hrefWithFilters, hrefWithPeriod, readFilters } from './history-links';

const search = new URLSearchParams('organization_id=3&days=90&day=2026-11-21&status=failed&x=1');

describe('links of the call history', () => {
	it('keep the period and the organization when the filters change', () => {
		expect(hrefWithFilters(search, { country: 'IN' })).toBe(
			'/dashboard/call-history?organization_id=3&days=90&country=IN'
		);
		expect(hrefOfCalls(search, {})).toBe('/dashboard/call-history?organization_id=3&days=90#calls');
	});

	it('keep the filters when the period changes, but not the day within the old one', () => {
		expect(hrefWithPeriod(search, { span: 'today' })).toBe(
			'/dashboard/call-history?organization_id=3&span=today&status=failed'
		);
	});

	it('know their own parameters only', () => {
		expect(readFilters(search)).toEqual({ day: '2026-11-21', status: 'failed' });
	});
});
