import { describe, expect, it } from 'vitest';
import { localPath } from './local-path';

const ORIGIN = 'https://talktime.example';

describe('localPath', () => {
	it('keeps a page of this site with its query', () => {
		expect(localPath('/leads?search=nair', ORIGIN)).toBe('/leads?search=nair');
	});

	it.each([null, '', 'leads', '//evil.example', '/\\evil.example', 'https://evil.example/'])(
		'leads %s to the start page',
		(next) => {
			expect(localPath(next, ORIGIN)).toBe('/');
		}
	);

	it('does not lead out through an encoded host', () => {
		expect(localPath('/\t/evil.example', ORIGIN)).toBe('/');
	});
});
