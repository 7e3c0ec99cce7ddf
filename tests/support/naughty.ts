/**
 * Values that break readers of bodies, and bodies that are right but for one of them. The strings are our
 * own choice of kinds that the Big List of Naughty Strings collects: its npm package runs git on install.
 */
import fc from 'fast-check';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export const NAUGHTY_STRINGS: string[] = [
	...[
		'',
		' ',
		'\t',
		'\n',
		'\r\n',
		'\0',
		'a\0b',
		'\u0001\u001f\u007f',
		'\ufeff',
		'\u200b\u202e\u2066'
	],
	...[
		'null',
		'undefined',
		'NaN',
		'Infinity',
		'-0',
		'1e309',
		'0x10',
		'1e3',
		'1,000',
		'٠١٢',
		'１２３'
	],
	...[
		'-1',
		'0',
		'99999999999999999999',
		'9007199254740993',
		'2147483648',
		'-2147483649',
		'0.1e-400'
	],
	...[
		'true',
		'[]',
		'{}',
		'{"a":',
		'[[[[',
		'constructor',
		'__proto__',
		'toString',
		'hasOwnProperty'
	],
	...[
		'\ud800',
		'\udc00x',
		'a\ud83d',
		'👩‍👩‍👧‍👦',
		'🇮🇳',
		'İıſK',
		'ﷺ',
		'Ⱥ'.repeat(100),
		'e\u0301'.repeat(200)
	],
	...[
		"'; drop table calls; --",
		"' or 1=1 --",
		'" or ""="',
		'\\',
		'\\x',
		"\\'",
		'%',
		'_',
		'%_%',
		'$1',
		'${7*7}'
	],
	...[
		'<script>alert(1)</script>',
		'"><img src=x onerror=alert(1)>',
		'javascript:alert(1)',
		'{{7*7}}',
		'<?xml?>'
	],
	...[
		'../../etc/passwd',
		'..\\..\\',
		'/dev/null',
		'C:\\nul',
		'file:///etc/passwd',
		'http://[::1]:80/',
		'http://169.254.169.254/'
	],
	...[
		'=1+1',
		'+1',
		'@SUM(A1)',
		'-1+1',
		'\t=1',
		'%0',
		'%s%s%s%n',
		'%00',
		'%ff',
		'&amp;',
		'$(id)',
		'`id`'
	],
	...[
		'2026-02-30',
		'2026-13-01T25:61:61Z',
		'0000-00-00',
		'-271821-04-20',
		'+275760-09-13',
		'9999-12-31T23:59:59Z',
		'1970-01-01T00:00:00+99:99'
	],
	...[
		'+',
		'+0',
		'+1',
		'+999999999999999',
		'++14155550177',
		'+1415555०१७७',
		'tel:+14155550177;ext=9',
		'+14155550177'.repeat(3),
		'00'
	],
	...[
		'a'.repeat(300),
		'a'.repeat(20_000),
		'('.repeat(5_000),
		'a@'.repeat(2_000),
		'0'.repeat(5_000),
		' '.repeat(20_000) + 'x',
		'-'.repeat(20_000)
	],
	...[
		'a@b',
		'@',
		'a@b..c',
		'"a b"@c.de',
		'Asia/Kolkata\0',
		'/UTC',
		'Etc/GMT+99',
		'posixrules',
		'00000000-0000-0000-0000-000000000000',
		'g'.repeat(36)
	]
];

const NAUGHTY_OTHERS: Json[] = [
	...[null, true, false, 0, -0, -1, 0.5, 1e21, 1e308, 2 ** 31, 2 ** 53, -(2 ** 63), 5e-324],
	...[[], {}, [null], [[]], { length: 1e9 }, { toString: null }, { then: 'x' }, { $ne: null }],
	nested(2_000),
	Array.from({ length: 5_000 }, (_, index) => index),
	Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`k${index}`, index]))
];

function nested(depth: number): Json {
	let value: Json = 'deep';
	for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value };
	return value;
}

export const naughtyText: fc.Arbitrary<string> = fc.oneof(
	{ weight: 5, arbitrary: fc.constantFrom(...NAUGHTY_STRINGS) },
	{ weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
	{ weight: 1, arbitrary: fc.stringMatching(/^[+\d() .-]{1,40}$/) }
);

export const naughtyValue: fc.Arbitrary<Json> = fc.oneof(
	{ weight: 4, arbitrary: naughtyText },
	{ weight: 2, arbitrary: fc.constantFrom(...NAUGHTY_OTHERS) },
	{ weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json) }
);

/** Texts that are sent as they are where JSON is expected. */
export const NAUGHTY_BODIES: string[] = [
	...[
		'',
		' ',
		'{',
		'[]',
		'null',
		'1',
		'"text"',
		'undefined',
		'{"a":1,}',
		"{'a':1}",
		'\ufeff{}',
		'{}{}'
	],
	...[
		'{"__proto__":{"isAdmin":true}}',
		'{"constructor":{"prototype":{"x":1}}}',
		'\0',
		'{"a":"\\ud800"}',
		'{"a":"\\u0000"}'
	],
	...[
		'['.repeat(20_000),
		'{"a":'.repeat(5_000),
		'1'.repeat(10_000),
		'{"a":1e999999}',
		'<xml/>',
		'a=b&c=d',
		'----x\r\n'
	]
];

/** Some of its fields naughty: with a chance one, two or all of them; or one left out, or one too many. */
export function spoil(body: Record<string, Json>): fc.Arbitrary<Json> {
	const names = Object.keys(body);
	if (names.length === 0) return naughtyValue;
	const one = fc
		.tuple(fc.constantFrom(...names), naughtyValue)
		.map(([name, value]) => ({ ...body, [name]: value }));
	const two = fc
		.tuple(one, fc.constantFrom(...names), naughtyText)
		.map(([spoilt, name, value]) => ({ ...spoilt, [name]: value }));
	const less = fc.constantFrom(...names).map((name) => {
		const { [name]: _left, ...rest } = body;
		return rest as Record<string, Json>;
	});
	const more = fc
		.tuple(naughtyText, naughtyValue)
		.map(([name, value]) => ({ ...body, [name]: value }));
	return fc.oneof(
		{ weight: 6, arbitrary: one },
		{ weight: 2, arbitrary: two },
		{ weight: 1, arbitrary: less },
		{ weight: 1, arbitrary: more },
		{ weight: 1, arbitrary: naughtyValue }
	);
}

/** The same with one leaf of a deep body naughty. */
export function spoilLeaf(body: Json): fc.Arbitrary<Json> {
	const paths = leavesOf(body);
	return fc
		.tuple(fc.constantFrom(...paths), naughtyValue)
		.map(([path, value]) => replaceAt(body, path, value));
}

function leavesOf(value: Json, path: string[] = []): string[][] {
	if (typeof value !== 'object' || value === null) return [path];
	const below = Object.entries(value).flatMap(([name, field]) => leavesOf(field, [...path, name]));
	return path.length === 0 ? below : [path, ...below];
}

function replaceAt(body: Json, [name, ...rest]: string[], value: Json): Json {
	if (name === undefined) return value;
	const field = Object(body)[name] as Json;
	if (Array.isArray(body)) {
		return body.map((item, index) =>
			String(index) === name ? replaceAt(item, rest, value) : item
		);
	}
	return { ...(body as object), [name]: replaceAt(field, rest, value) } as Json;
}

export interface Schema {
	type?: string | string[];
	format?: string;
	enum?: Json[];
	const?: Json;
	default?: Json;
	anyOf?: Schema[];
	oneOf?: Schema[];
	allOf?: Schema[];
	properties?: Record<string, Schema>;
	items?: Schema;
	prefixItems?: Schema[];
	minimum?: number;
	exclusiveMinimum?: number;
	minItems?: number;
	minLength?: number;
	pattern?: string;
}

const USUAL: Record<string, Json> = {
	days: 7,
	amount: 50,
	limit: 10,
	call_start_time: '2026-11-21T09:00:00Z',
	call_end_time: '2026-11-21T09:05:00Z'
};

/** A value that a JSON Schema takes, or nearly: what patterns ask for is guessed by the field's name. */
export function exampleOf(schema: Schema, name = '', known: Record<string, Json> = {}): Json {
	const given = known[name] ?? USUAL[name];
	if (given !== undefined) return given;
	if (schema.const !== undefined) return schema.const;
	if (schema.enum?.[0] !== undefined) return schema.enum[0];
	const [choice] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
	if (choice && !schema.properties) return exampleOf(choice, name, known);
	const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
	if (schema.properties || type === 'object') {
		return Object.fromEntries(
			Object.entries(schema.properties ?? {}).map(([field, value]) => [
				field,
				exampleOf(value, field, known)
			])
		);
	}
	if (type === 'array') return [exampleOf(schema.items ?? {}, name, known)];
	if (type === 'boolean') return true;
	if (type === 'integer' || type === 'number') return schema.minimum ?? 5;
	return textOf(schema, name);
}

function textOf({ format, minLength = 0 }: Schema, name: string): string {
	if (format === 'uuid' || /Id$/.test(name)) return crypto.randomUUID();
	if (format === 'email' || /mail/i.test(name)) return 'lead@talktime.test';
	if (format === 'date-time' || /At$|Time$/.test(name)) return '2026-11-21T09:00:00.000Z';
	if (format === 'date' || /^(from|to|day|on)$/.test(name)) return '2026-11-21';
	if (/phone|number/i.test(name)) return '+14155550177';
	if (/zone/i.test(name)) return 'Asia/Kolkata';
	if (/amount|threshold|cap|price|rate/i.test(name)) return '12.50';
	if (/url/i.test(name)) return 'https://example.com/hook';
	return 'Lotus'.padEnd(minLength, '.');
}
