/**
 * A phone company on loopback that speaks the part of Twilio's HTTP that placing and asking needs, and keeps
 * account of every call it was asked for: what it says is what the books are checked against. It may hang:
 * then it takes requests and answers none.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Random } from '../simulation/random';

export type FinalStatus = 'completed' | 'busy' | 'no-answer';

export interface CarrierCall {
	sid: string;
	/** Of ours, as the callback address names it. */
	callId: string;
	to: string;
	from: string;
	/** Where callbacks go, as it is signed. */
	callbackUrl: string;
	createdAt: Date;
	/** Where the call is, as far as it went. */
	status: string;
	finalStatus: FinalStatus;
	/** Seconds of talk it comes to. */
	talkSeconds: number;
	endedAt: Date | null;
}

export interface CarrierAccount {
	accountSid: string;
	authToken: string;
	fromNumber: string;
}

const TALK_SECONDS_MAX = 300;

export class Carrier {
	readonly account: CarrierAccount = {
		accountSid: `AC${randomBytes(16).toString('hex')}`,
		authToken: randomBytes(16).toString('hex'),
		fromNumber: '+12025550199'
	};
	readonly calls: CarrierCall[] = [];
	/** Told of each new call; its callbacks may begin. */
	onCall: (call: CarrierCall) => void = () => {};
	/** While true, what comes in is taken and never answered. */
	isHanging = false;
	private readonly bySid = new Map<string, CarrierCall>();

	private constructor(
		private readonly server: Server,
		readonly url: string,
		private readonly random: Random
	) {}

	static open(random: Random): Promise<Carrier> {
		return new Promise((resolve, reject) => {
			const server = createServer();
			server.once('error', reject);
			server.listen(0, '127.0.0.1', () => {
				const address = server.address();
				const port = typeof address === 'object' && address ? address.port : 0;
				const carrier = new Carrier(server, `http://127.0.0.1:${port}`, random);
				server.on('request', (request, response) => void carrier.answer(request, response));
				resolve(carrier);
			});
		});
	}

	find(sid: string): CarrierCall | undefined {
		return this.bySid.get(sid);
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const form = new URLSearchParams(await readText(request));
		const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
		const calls = /\/Calls(?:\/(CA[0-9a-f]{32}))?\.json$/.exec(pathname);
		if (!calls && !this.isHanging) return reply(response, 404, { code: 20404, status: 404 });
		const [, sid] = calls ?? [];
		const isCreate = calls && !sid && request.method === 'POST';
		// Of creates that are never answered some were placed and some were not: nobody can tell.
		if (isCreate && this.isHanging && this.random.chance(50)) return;
		const created = isCreate ? this.create(form) : null;
		if (this.isHanging) return;
		if (created) return reply(response, 201, toResource(this.account, created, true));
		const known = this.bySid.get(sid ?? '');
		if (known) return reply(response, 200, toResource(this.account, known));
		if (sid) return reply(response, 404, { code: 20404, status: 404, message: 'not found' });
		const listed = this.calls.filter(({ to }) => to === searchParams.get('To')).reverse();
		reply(response, 200, toPage(this.account, listed));
	}

	private create(form: URLSearchParams): CarrierCall {
		const url = new URL(form.get('StatusCallback') ?? '');
		url.hash = '';
		const finalStatus = this.random.weighted([
			[8, 'completed'],
			[1, 'busy'],
			[1, 'no-answer']
		] as const);
		const call: CarrierCall = {
			sid: `CA${randomBytes(16).toString('hex')}`,
			callId: url.searchParams.get('call') ?? '',
			to: form.get('To') ?? '',
			from: form.get('From') ?? '',
			callbackUrl: url.href,
			createdAt: new Date(),
			status: 'queued',
			finalStatus,
			talkSeconds: finalStatus === 'completed' ? this.random.between(1, TALK_SECONDS_MAX) : 0,
			endedAt: null
		};
		this.calls.push(call);
		this.bySid.set(call.sid, call);
		// Its callbacks race with the answer, as they do.
		setImmediate(() => this.onCall(call));
		return call;
	}
}

async function readText(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString('utf8');
}

function reply(response: ServerResponse, status: number, body: object): void {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function rfc2822(moment: Date | null): string | null {
	return moment && moment.toUTCString().replace('GMT', '+0000');
}

/** The Call resource (PROVIDERS.md 1.2). In the answer to a create every date is null. */
function toResource({ accountSid }: CarrierAccount, call: CarrierCall, isNew = false): object {
	const isCompleted = call.status === 'completed';
	return {
		sid: call.sid,
		account_sid: accountSid,
		parent_call_sid: null,
		to: call.to,
		from: call.from,
		status: isNew ? 'queued' : call.status,
		date_created: isNew ? null : rfc2822(call.createdAt),
		date_updated: isNew ? null : rfc2822(call.createdAt),
		start_time: isNew ? null : rfc2822(call.createdAt),
		end_time: isNew ? null : rfc2822(call.endedAt),
		duration: isNew || call.endedAt === null ? null : String(isCompleted ? call.talkSeconds : 0),
		price: null,
		price_unit: 'USD',
		direction: 'outbound-api',
		answered_by: null,
		api_version: '2010-04-01',
		uri: `/2010-04-01/Accounts/${accountSid}/Calls/${call.sid}.json`,
		subresource_uris: {}
	};
}

function toPage(account: CarrierAccount, calls: CarrierCall[]): object {
	return {
		calls: calls.map((call) => toResource(account, call)),
		page: 0,
		page_size: 50,
		start: 0,
		end: Math.max(0, calls.length - 1),
		uri: '',
		first_page_uri: '',
		next_page_uri: null,
		previous_page_uri: null
	};
}
