/** Bytes of a file, both ends included, as HTTP counts them (RFC 9110, section 14). */
export interface ByteRange {
	start: number;
	end: number;
}

/**
 * What a Range header asks for.
 * @param size of the file, bytes
 * @returns the bytes; null when the whole file is to be sent, as for a header that is no single range of
 * bytes; `unsatisfiable` when it asks for what is not there
 */
export function readByteRange(
	header: string | null,
	size: number
): ByteRange | null | 'unsatisfiable' {
	const asked = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
	if (!asked) return null;
	const [, first = '', last = ''] = asked;
	if (first === '' && last === '') return null;
	if (first === '') {
		const suffix = Math.min(Number(last), size);
		return suffix === 0 ? 'unsatisfiable' : { start: size - suffix, end: size - 1 };
	}
	const start = Number(first);
	if (last !== '' && Number(last) < start) return null;
	if (start >= size) return 'unsatisfiable';
	return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}
