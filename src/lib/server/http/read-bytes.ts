/** The most a webhook may carry: transcripts are long (DESIGN.md section 10). */
export const WEBHOOK_BYTES_MAX = 2 * 1024 * 1024;

/**
 * The body of a request as it came.
 * @returns null when it is longer than `bytesMax`; the rest of it is not read
 */
export async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array | null> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of request.body ?? []) {
		bytes += chunk.length;
		if (bytes > bytesMax) return null;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
