import { describe, expect, it } from 'vitest';
import { sniffDelimiter, sniffEncoding } from './sniff';

const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, isLittle: boolean) =>
	Uint8Array.from(
		[...text].flatMap((one) => {
			const code = one.charCodeAt(0);
			return isLittle ? [code & 255, code >> 8] : [code >> 8, code & 255];
		})
	);

describe('given how a file begins', () => {
	it.each([
		['plain letters', utf8('name,phone\n'), 'utf-8'],
		['letters of many scripts', utf8('प्रिया,Zoë,😀'), 'utf-8'],
		['a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf, 65), 'utf-8'],
		['a mark of UTF-16', Uint8Array.of(0xff, 0xfe, 65, 0), 'utf-16le'],
		['a mark of the other UTF-16', Uint8Array.of(0xfe, 0xff, 0, 65), 'utf-16be'],
		['UTF-16 without a mark', utf16('name,phone', true), 'utf-16le'],
		['the other UTF-16 without one', utf16('name,phone', false), 'utf-16be'],
		['what Excel writes on Windows', Uint8Array.of(90, 111, 0xeb, 44), 'windows-1252']
	])('when it is %s, then the encoding is found', (_name, head, encoding) => {
		expect(sniffEncoding(head, true)).toBe(encoding);
	});

	it('when the last character is cut, then it is still UTF-8', () => {
		expect(sniffEncoding(utf8('Zoë').slice(0, 3), false)).toBe('utf-8');
		expect(sniffEncoding(utf8('Zoë').slice(0, 3), true)).toBe('windows-1252');
	});

	it.each([
		['name,phone\nA,1\n', ',', 0],
		['name;phone;note\n"A;B";1;"x,y,z"\n', ';', 0],
		['name\tphone\nA, B\t1\n', '\t', 0],
		['sep=;\r\nname;phone\n', ';', 7],
		['\uFEFFsep=,\nname,phone\n', ',', 7],
		['name|phone\nA|1\n', '|', 0],
		['"first\nname",phone\nA,1\n', ',', 0],
		['phone\n1\n', ',', 0]
	])('when it is %j, then cells are separated by %j', (head, delimiter, skip) => {
		expect(sniffDelimiter(head)).toEqual({ delimiter, skip });
	});
});
