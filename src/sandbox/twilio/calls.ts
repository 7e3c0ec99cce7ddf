import { jsonReply, type Reply } from '../http';
import type { Faults } from '../faults';
import type { SandboxContext } from '../provider';
import { newCall, type TwilioCall } from './call-record';
import type { CallStore } from './call-store';
import { errorReply, faultError, TwilioError } from './errors';
import { CREATE_HANG_REAL_SECONDS, outcomeForNumber, type CreateAnswer } from '../outcomes';
import { readCallbackTarget, readCreateParameters, readEvents, readSeconds } from './parameters';
import { bendOutcome, type CallScript } from './script';
import { toRestCall } from './wire';

export interface CallRoom {
	context: SandboxContext;
	accountSid: string;
	store: CallStore;
	script: CallScript;
}

interface CreatePlan {
	isPlaced: boolean;
	/** What create answers instead of the call; null: the call. */
	failure: Reply | null;
	runsAtOnce: boolean;
}

function hang(realSeconds: number): Reply {
	return { kind: 'hang', realMs: realSeconds * 1_000 };
}

function planOfOutcome(create: CreateAnswer): CreatePlan {
	const created: CreatePlan = { isPlaced: true, failure: null, runsAtOnce: false };
	switch (create) {
		case 'created':
			return created;
		case 'after-the-whole-call':
			return { ...created, runsAtOnce: true };
		case 'refused':
			throw new TwilioError(400, 21211, "The 'To' number is not a valid phone number.");
		case 'error-not-placed':
			return { ...created, isPlaced: false, failure: errorReply(faultError(500)) };
		case 'hang-but-placed':
			return { ...created, failure: hang(CREATE_HANG_REAL_SECONDS) };
		case 'hang-not-placed':
			return { ...created, isPlaced: false, failure: hang(CREATE_HANG_REAL_SECONDS) };
	}
}

function planOfFaults(faults: Faults): CreatePlan | null {
	const isPlaced = faults.ambiguousCreate === true;
	const plan = (failure: Reply): CreatePlan => ({ isPlaced, failure, runsAtOnce: false });
	if (faults.createHangSeconds !== undefined) return plan(hang(faults.createHangSeconds));
	if (faults.createStatus !== undefined) return plan(errorReply(faultError(faults.createStatus)));
	return isPlaced ? plan(hang(0)) : null;
}

/** POST Calls.json (PROVIDERS.md 1.1). Throws TwilioError on a bad request. */
export async function createCall(room: CallRoom, form: URLSearchParams): Promise<Reply> {
	const { context, store, script, accountSid } = room;
	const parameters = readCreateParameters(form);
	const takenPlans = context.faults.takeForCall('twilio');
	const faults = context.faults.forCall('twilio', takenPlans);
	const outcome = bendOutcome(outcomeForNumber(parameters.to, context.seed), faults);
	const plan = planOfFaults(faults) ?? planOfOutcome(outcome.create);
	if (plan.isPlaced) {
		const nowMs = context.clock.nowMs();
		const ordinal = store.callsCreated;
		const call = newCall({ parameters, outcome, takenPlans, ordinal, nowMs });
		store.add(call);
		const answer = jsonReply(201, toRestCall(accountSid, call, true));
		if (plan.runsAtOnce) await script.runAtOnce(call);
		else script.start(call);
		if (plan.failure === null) return answer;
	}
	return plan.failure ?? errorReply(faultError(500));
}

function checkCanRedirect(call: TwilioCall, form: URLSearchParams): void {
	if (!form.has('Url') && !form.has('Twiml')) return;
	if (call.status !== 'in-progress') {
		throw new TwilioError(400, 21220, 'Call is not in-progress. Cannot redirect.');
	}
}

function updateCallbacks(call: TwilioCall, form: URLSearchParams): void {
	if (!form.has('StatusCallback')) return;
	call.statusCallback = readCallbackTarget(form, 'StatusCallback');
	if (form.has('StatusCallbackEvent')) call.events = readEvents(form);
}

function updateStatus(room: CallRoom, call: TwilioCall, status: string): void {
	const ignoresHangUp =
		room.context.faults.forCall('twilio', call.takenPlans).ignoreHangUp === true;
	switch (status) {
		case 'completed':
			if (!ignoresHangUp) room.script.hangUp(call);
			return;
		case 'canceled':
			// Without effect on a call in progress (PROVIDERS.md 1.3).
			if (!ignoresHangUp && call.answeredAtMs === null) room.script.hangUp(call);
			return;
		default:
			throw new TwilioError(400, 20001, `Status is not valid: ${status}`);
	}
}

/** POST Calls/{Sid}.json (PROVIDERS.md 1.3). Throws 21220 for a call that has ended. */
export function updateCall(room: CallRoom, call: TwilioCall, form: URLSearchParams): Reply {
	if (call.stage === 'ended') {
		throw new TwilioError(400, 21220, 'Call is not in-progress. Cannot redirect.');
	}
	checkCanRedirect(call, form);
	const timeLimitSeconds = readSeconds(form, 'TimeLimit', 20001);
	updateCallbacks(call, form);
	if (timeLimitSeconds !== null) room.script.setTimeLimit(call, timeLimitSeconds);
	const status = form.get('Status');
	if (status !== null) updateStatus(room, call, status);
	return jsonReply(200, toRestCall(room.accountSid, call));
}
