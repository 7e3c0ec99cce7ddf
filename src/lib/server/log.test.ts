import { afterEach, describe, expect, it, vi } from 'vitest';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { createLog } from './log';

describe('createLog', () => {
	afterEach(() => vi.restoreAllMocks());

	it('given a query that failed, when it is logged, then what and where stand in the line, and none of its values', () => {
		let line = '';
		vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
			line += String(text);
			return true;
		});
		const cause = Object.assign(new Error('duplicate key value'), {
			code: '23505',
			detail: 'Key (email)=(nora@asha.example) already exists.'
		});
		const values = ['Nora Lindqvist', 'nora@asha.example', '+14155550123'];
		const log = createLog('info');
		log.error({ err: new DrizzleQueryError('insert into contacts', values, cause) }, 'fault');
		log.error({ err: Object.assign(cause, { parameters: values, args: values }) }, 'fault');
		expect(line).toContain('insert into contacts');
		expect(line).toContain('duplicate key value');
		expect(line).toContain('log.test.ts');
		expect(line).not.toMatch(/Nora|nora|4155550123/);
	});
});
