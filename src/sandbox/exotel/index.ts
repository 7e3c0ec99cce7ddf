import { CallShelf, countByStatus } from '../call-shelf';
import type {
	ProviderRegistration,
	SandboxCallView,
	SandboxContext,
	SandboxEnvironment,
	SandboxProvider
} from '../provider';
import { ExotelAnnouncer } from './announce';
import type { ExotelCall } from './call';
import { errorReply, ExotelError } from './errors';
import { answerExotel, CallLimit, type ExotelRoom } from './routes';
import { ExotelScript } from './script';

function toCallView(call: ExotelCall): SandboxCallView {
	return {
		provider: 'exotel',
		sid: call.id,
		from: call.parameters.from,
		to: call.parameters.to,
		status: call.status,
		outcome: call.outcome.description,
		durationSeconds: call.stage === 'ended' ? call.conversationSeconds : null,
		price: call.price === null ? null : `₹${call.price.toFixed(3)}`,
		createdAt: call.createdAt.toISOString(),
		endedAt: call.endedAt?.toISOString() ?? null,
		callbacksSent: call.callbacksSent,
		callbacksFailed: call.callbacksFailed
	};
}

function openExotel(context: SandboxContext, environment: SandboxEnvironment): SandboxProvider {
	const accountSid = environment.EXOTEL_ACCOUNT_SID ?? '';
	const room: ExotelRoom = {
		context,
		accountSid,
		apiKey: environment.EXOTEL_API_KEY ?? '',
		apiToken: environment.EXOTEL_API_TOKEN ?? '',
		calls: new CallShelf(),
		script: new ExotelScript(context, new ExotelAnnouncer(context, accountSid)),
		limit: new CallLimit()
	};
	return {
		name: 'exotel',
		owns: (pathname) =>
			pathname.startsWith('/v1/Accounts/') || pathname.startsWith('/exotelrecordings/'),
		answer: (request) => answerExotel(room, request),
		errorReply: (status) => errorReply(new ExotelError(status), true),
		listCalls: (limit) => room.calls.newestFirst().slice(0, limit).map(toCallView),
		countCalls: () => countByStatus(room.calls.newestFirst()),
		finishCall: (id, finish) => {
			const call = room.calls.find(id);
			if (call === null) return 'unknown';
			if (call.stage === 'ended') return 'already-ended';
			room.script.finish(call, finish);
			return 'finished';
		},
		reset: () => {
			room.calls.clear();
			room.limit = new CallLimit();
		}
	};
}

/** Exotel's REST API (v1) and callbacks. */
export const exotelRegistration: ProviderRegistration = {
	name: 'exotel',
	needs: ['EXOTEL_ACCOUNT_SID', 'EXOTEL_API_KEY', 'EXOTEL_API_TOKEN'],
	open: openExotel
};
