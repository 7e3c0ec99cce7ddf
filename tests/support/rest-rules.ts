/** Who gets which answer at each REST endpoint, for things of its own, another's and nobody's. */
import { v7 as uuid } from 'uuid';
import type { TokenScope } from '$lib/domain/token-scopes';
import { newNumber } from './house';
import type { Target } from './house-rule';

/** Status codes for own, foreign and unknown things. */
export type Statuses = [number, number, number];
export interface RestRequest {
	at: string;
	body?: object | string;
}
export interface RestRule {
	/** Method and route, for example `GET /api/calls/[id]`; a word behind it tells rules of one endpoint apart. */
	endpoint: string;
	as?: string;
	ask: (target: Target) => RestRequest;
	superAdmin: Statuses;
	member: Statuses;
	/** Where an agent may less than its manager. */
	agent?: Statuses;
	/** Of nobody; without it 401. */
	stranger?: number;
	/** Without which a token is refused; null: only one without limits may go; `open`: no token is asked for. */
	scope: TokenScope | null | 'open';
}

const every = (status: number): Statuses => [status, status, status];
const ANY_KNOWN: Statuses = [200, 200, 404];
const ABSENT: Statuses = [200, 404, 404];
const NOT_YOURS: Statuses = [200, 403, 403];
const FORBIDDEN = every(403);
/** Reads an organisation that a super admin names. */
const ofOrganization =
	(path: string, query = '') =>
	({ organizationId }: Target): RestRequest => ({
		at: `${path}?organization_id=${organizationId}${query}`
	});

const REST: RestRule[] = [
	{
		endpoint: 'POST /call-minutes/check-availability',
		ask: ({ organizationId }) => ({
			at: '/call-minutes/check-availability',
			body: { organization_id: organizationId, estimated_duration_minutes: 3 }
		}),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		scope: 'read'
	},
	{
		endpoint: 'POST /call-minutes/consume',
		ask: ({ organizationId }) => ({
			at: '/call-minutes/consume',
			body: {
				organization_id: organizationId,
				call_id: uuid(),
				minutes_consumed: 1,
				call_start_time: '2026-11-21T09:00:00Z',
				call_end_time: '2026-11-21T09:01:00Z'
			}
		}),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		agent: FORBIDDEN,
		scope: 'minutes'
	},
	{
		endpoint: 'POST /api/calls',
		ask: ({ organizationId }) => ({
			at: '/api/calls',
			body: { to: newNumber(), organization_id: organizationId }
		}),
		superAdmin: [201, 201, 404],
		member: [201, 403, 403],
		scope: 'calls'
	},
	{
		endpoint: 'GET /api/calls/[id]',
		ask: ({ callId }) => ({ at: `/api/calls/${callId}` }),
		superAdmin: ANY_KNOWN,
		member: ABSENT,
		scope: 'read'
	},
	{
		endpoint: 'GET /api/twilio/events',
		ask: ofOrganization('/api/twilio/events'),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		scope: 'read'
	},
	{
		endpoint: 'GET /api/balance/get',
		ask: ofOrganization('/api/balance/get'),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		scope: 'read'
	},
	{
		endpoint: 'POST /api/balance/refill',
		ask: () => ({ at: '/api/balance/refill', body: { amount: 50, attempt_id: uuid() } }),
		superAdmin: FORBIDDEN,
		member: every(200),
		agent: FORBIDDEN,
		scope: 'wallet'
	},
	{
		endpoint: 'POST /api/balance/update-settings',
		ask: () => ({ at: '/api/balance/update-settings', body: { auto_refill_threshold: '12' } }),
		superAdmin: FORBIDDEN,
		member: every(200),
		agent: FORBIDDEN,
		scope: 'wallet'
	},
	{
		endpoint: 'GET /api/user/transactions',
		ask: ofOrganization('/api/user/transactions'),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		scope: 'read'
	},
	{
		endpoint: 'GET /api/user/call-analytics',
		ask: ofOrganization('/api/user/call-analytics', '&days=7'),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		scope: 'read'
	},
	{
		endpoint: 'GET /api/user/contacts/lookup',
		ask: ofOrganization('/api/user/contacts/lookup', '&phone=%2B12025550161'),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		scope: 'read'
	},
	{
		endpoint: 'POST /api/user/contacts/lookup',
		ask: ({ organizationId }) => ({
			at: '/api/user/contacts/lookup',
			body: { organization_id: organizationId, phone: '+12025550161' }
		}),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		scope: 'contacts'
	},
	{
		endpoint: 'POST /api/user/contacts/lookup',
		as: 'of a call to another number',
		ask: ({ callId }) => ({
			at: '/api/user/contacts/lookup',
			body: { phone: '+12025550161', call_id: callId }
		}),
		superAdmin: every(422),
		member: [422, 404, 404],
		scope: 'contacts'
	},
	{
		endpoint: 'GET /api/rates/estimate',
		ask: ofOrganization('/api/rates/estimate', '&phone=%2B12025550161'),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		scope: 'read'
	}
];

/** Files. */
const FILES: RestRule[] = [
	...['GET', 'HEAD'].map((method): RestRule => ({
		endpoint: `${method} /api/recordings/[id]`,
		ask: ({ recordingId }) => ({ at: `/api/recordings/${recordingId}` }),
		superAdmin: ANY_KNOWN,
		member: ABSENT,
		scope: 'read'
	})),
	{
		endpoint: 'GET /api/exports/report',
		ask: ofOrganization('/api/exports/report', '&month=2026-10'),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		agent: FORBIDDEN,
		scope: 'read'
	},
	...['calls', 'transactions', 'usage'].map((what): RestRule => ({
		endpoint: 'GET /api/exports/[what]',
		as: what,
		ask: ofOrganization(`/api/exports/${what}`, '&days=7'),
		superAdmin: ANY_KNOWN,
		member: NOT_YOURS,
		agent: FORBIDDEN,
		scope: 'read'
	})),
	{
		endpoint: 'GET /api/contacts/export',
		ask: () => ({ at: '/api/contacts/export' }),
		superAdmin: FORBIDDEN,
		member: every(200),
		agent: FORBIDDEN,
		scope: 'read'
	},
	{
		endpoint: 'PUT /api/contacts/imports/[id]/pieces/[seq]',
		ask: ({ importId }) => ({ at: `/api/contacts/imports/${importId}/pieces/0`, body: 'phone\n' }),
		superAdmin: FORBIDDEN,
		member: ABSENT,
		agent: FORBIDDEN,
		scope: null
	},
	{
		endpoint: 'GET /api/contacts/imports/[id]/refused',
		ask: ({ importId }) => ({ at: `/api/contacts/imports/${importId}/refused` }),
		superAdmin: FORBIDDEN,
		member: ABSENT,
		agent: FORBIDDEN,
		scope: 'read'
	},
	{
		endpoint: 'GET /settings/billing/transactions.csv',
		ask: () => ({ at: '/settings/billing/transactions.csv' }),
		superAdmin: every(422),
		member: every(200),
		scope: null
	}
];

/** Providers and Stripe prove who they are themselves: whoever else comes is refused, whatever they may do here. */
const WEBHOOKS: RestRule[] = [
	'GET /api/twilio/status',
	'POST /api/twilio/status',
	'POST /api/twilio/voice',
	'POST /api/twilio/dialled',
	'POST /api/twilio/amd',
	'POST /api/twilio/recording',
	'POST /api/webhooks/exotel/call-status',
	'POST /api/webhooks/bolna/call-status',
	'POST /api/stripe/webhook'
].map((endpoint) => ({
	endpoint,
	ask: ({ callId }: Target) => ({
		at: `${endpoint.split(' ')[1]}?call=${callId}&key=guessed`,
		...(endpoint.startsWith('POST') && { body: { id: callId, status: 'completed' } })
	}),
	superAdmin: every(403),
	member: every(403),
	stranger: 403,
	scope: 'open'
}));

/** The demo's phone: this house is no demo. */
const SOFTPHONE: RestRule[] = [
	['GET', ''],
	['POST', '/accept'],
	['POST', '/hang-up'],
	['POST', '/reject']
]
	.map(([method, action]): RestRule => ({
		endpoint: `${method} /api/demo/softphone/[sid]${action}`,
		ask: () => ({ at: `/api/demo/softphone/CA${'0'.repeat(32)}${action}` }),
		superAdmin: every(404),
		member: every(404),
		scope: method === 'GET' ? 'read' : null
	}))
	.concat([
		{
			endpoint: 'GET /api/demo/softphone/incoming',
			ask: () => ({ at: '/api/demo/softphone/incoming' }),
			superAdmin: every(404),
			member: every(404),
			scope: 'read'
		},
		{
			endpoint: 'POST /api/demo/softphone/connect',
			ask: ({ callId }) => ({
				at: '/api/demo/softphone/connect',
				body: { params: { call: callId } }
			}),
			superAdmin: every(404),
			member: every(404),
			scope: null
		}
	]);

/** For everybody, or for the machine alone. */
const OPEN: RestRule[] = [
	['/healthz', 200] as const,
	// No worker runs in this house.
	['/readyz', 503] as const,
	['/api/openapi.json', 200] as const,
	['/metrics', 404] as const
].map(([path, status]) => ({
	endpoint: `GET ${path}`,
	ask: () => ({ at: path }),
	superAdmin: every(status),
	member: every(status),
	stranger: status,
	scope: path === '/api/openapi.json' ? 'read' : null
}));

export const REST_RULES: RestRule[] = [...REST, ...FILES, ...WEBHOOKS, ...SOFTPHONE, ...OPEN];
