/** Sends lines as a file, as fast as the other end takes them. */
export function sendCsv({
	fileName,
	lines
}: {
	fileName: string;
	lines: AsyncGenerator<string>;
}): Response {
	const encoder = new TextEncoder();
	const body = new ReadableStream<Uint8Array>({
		async pull(controller) {
			const next = await lines.next();
			if (next.done) controller.close();
			else if (next.value !== '') controller.enqueue(encoder.encode(next.value));
			else await this.pull?.(controller);
		},
		async cancel() {
			await lines.return(undefined);
		}
	});
	const plain = fileName.replace(/[^\w .-]/g, '_');
	return new Response(body, {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
			'cache-control': 'private, no-store'
		}
	});
}
