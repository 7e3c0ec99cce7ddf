import { CallShelf, countByStatus } from '../call-shelf';
import { isLoopbackHost } from '../loopback';
import type {
	ProviderRegistration,
	SandboxCallView,
	SandboxContext,
	SandboxEnvironment,
	SandboxProvider
} from '../provider';
import type { BolnaCall } from './call';
import { errorReply, faultError } from './errors';
import { answerBolna, type BolnaRoom } from './routes';
import { BolnaScript } from './script';
import { conversationSeconds } from './wire';

const USUAL_TERMINATE_SECONDS = 3_600;
const USUAL_MOST_AT_ONCE = 100;

/** BOLNA_WEBHOOK_URL, or the app's own door with its key; null when neither is known. */
function readWebhookUrl(environment: SandboxEnvironment): string | null {
	const {
		BOLNA_WEBHOOK_URL: given,
		SANDBOX_APP_URL: app,
		BOLNA_WEBHOOK_KEY: key = ''
	} = environment;
	const door = `${app}/api/webhooks/bolna/call-status?key=${encodeURIComponent(key)}`;
	const url = given || (app ? door : null);
	if (url === null || (URL.canParse(url) && isLoopbackHost(new URL(url).hostname))) return url;
	throw new Error(`BOLNA_WEBHOOK_URL must be a loopback address: ${new URL(url).hostname}`);
}

function readWhole(environment: SandboxEnvironment, name: string, usual: number): number {
	const value = Number(environment[name] || usual);
	if (Number.isInteger(value) && value >= 1) return value;
	throw new Error(`${name} must be a whole number above 0.`);
}

function toCallView(call: BolnaCall): SandboxCallView {
	return {
		provider: 'bolna',
		sid: call.id,
		from: call.order.from,
		to: call.order.to,
		status: call.status,
		outcome: call.outcome.description,
		durationSeconds: call.stage === 'ended' ? conversationSeconds(call) : null,
		price: call.totalCost === null ? null : `${call.totalCost}¢`,
		createdAt: call.createdAt.toISOString(),
		endedAt: call.endedAt?.toISOString() ?? null,
		callbacksSent: call.callbacksSent,
		callbacksFailed: call.callbacksFailed
	};
}

function openBolna(context: SandboxContext, environment: SandboxEnvironment): SandboxProvider {
	const script = new BolnaScript(context, {
		webhookUrl: readWebhookUrl(environment),
		terminateAfterSeconds: readWhole(
			environment,
			'BOLNA_CALL_TERMINATE_SECONDS',
			USUAL_TERMINATE_SECONDS
		),
		mostAtOnce: readWhole(environment, 'BOLNA_CONCURRENCY', USUAL_MOST_AT_ONCE)
	});
	const room: BolnaRoom = {
		context,
		apiKey: environment.BOLNA_API_KEY ?? '',
		agentId: environment.BOLNA_AGENT_ID ?? '',
		calls: new CallShelf(),
		script
	};
	return {
		name: 'bolna',
		owns: (pathname) => /^\/(call|executions|recordings|user|v2\/agent)(\/|$)/.test(pathname),
		answer: (request) => answerBolna(room, request),
		errorReply: (status) => errorReply(faultError(status)),
		listCalls: (limit) => room.calls.newestFirst().slice(0, limit).map(toCallView),
		countCalls: () => countByStatus(room.calls.newestFirst()),
		finishCall: (id, finish) => {
			const call = room.calls.find(id);
			if (call === null) return 'unknown';
			if (call.stage === 'ended') return 'already-ended';
			script.finish(call, finish);
			return 'finished';
		},
		reset: () => {
			room.calls.clear();
			script.clear();
		}
	};
}

/** Bolna's REST API and webhooks. */
export const bolnaRegistration: ProviderRegistration = {
	name: 'bolna',
	needs: ['BOLNA_API_KEY', 'BOLNA_AGENT_ID'],
	open: openBolna
};
