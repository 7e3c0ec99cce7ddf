/**
 * Reads a file over HTTP to its end, as fast as it comes, and says how it went in one line of JSON. A process of its
 * own with nothing else in it: in that of the bench, whose memory is searched for what is used no more, reading took
 * a good part of the two cores from the server that is measured.
 */
import http from 'node:http';

const [url = '', token = ''] = process.argv.slice(2);
const LINE_END = 10;
const startedAt = performance.now();
let firstByteMs = 0;
let rows = 0;
let bytes = 0;
http.get(url, { headers: { authorization: `Bearer ${token}` } }, (response) => {
	if (response.statusCode !== 200)
		throw new Error(`The export was refused: ${response.statusCode}`);
	response.on('data', (/** @type {Buffer} */ chunk) => {
		firstByteMs ||= performance.now() - startedAt;
		bytes += chunk.byteLength;
		for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) rows++;
	});
	response.on('error', (error) => {
		throw error;
	});
	response.on('end', () => {
		const seconds = (performance.now() - startedAt) / 1000;
		process.stdout.write(JSON.stringify({ firstByteMs, seconds, rows, megabytes: bytes / 1e6 }));
	});
});
