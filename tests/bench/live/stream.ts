import http from 'node:http';

export interface Heard {
	organizationId: number;
	seq: number;
	/** Milliseconds since 1970 UTC. */
	atMs: number;
}

const EVENT = /^data: .*"organizationId":(\d+),"seq":(\d+)/;

/** One browser tab: `live.feed` over server-sent events. Notes when each event came, and reads no further. */
export function openStream(options: {
	origin: string;
	token: string;
	agent: http.Agent;
	onHeard: (heard: Heard) => void;
}): Promise<{ close(): void }> {
	const { origin, token, agent, onHeard } = options;
	const input = encodeURIComponent(JSON.stringify({ scope: 'organization' }));
	return new Promise((resolve, reject) => {
		const request = http.get(
			`${origin}/trpc/live.feed?input=${input}`,
			{ agent, headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' } },
			(response) => {
				if (response.statusCode !== 200) {
					return reject(new Error(`A stream was answered ${response.statusCode}.`));
				}
				let rest = '';
				response.setEncoding('utf8');
				response.on('data', (chunk: string) => {
					const atMs = performance.timeOrigin + performance.now();
					const lines = (rest + chunk).split('\n');
					rest = lines.pop() ?? '';
					for (const line of lines) {
						const [, organizationId, seq] = EVENT.exec(line) ?? [];
						if (seq !== undefined) {
							onHeard({ organizationId: Number(organizationId), seq: Number(seq), atMs });
						}
					}
				});
				response.once('data', () => resolve({ close: () => request.destroy() }));
				response.on('error', () => {});
			}
		);
		request.on('error', reject);
	});
}
