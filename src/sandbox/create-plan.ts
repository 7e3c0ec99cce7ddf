import type { Faults } from './faults';
import type { Answer, Reply } from './http';
import { CREATE_HANG_REAL_SECONDS, OUTCOMES, type CreateAnswer, type Outcome } from './outcomes';

/** How a request to place a call ends. */
export interface CreatePlan {
	isPlaced: boolean;
	/** What create answers instead of the call; null: the call. */
	failure: Reply | null;
	runsAtOnce: boolean;
}

/** The provider's own errors. */
export interface CreateErrors {
	/** The number is not valid. */
	refused(): Answer;
	ofStatus(status: number): Answer;
}

function hang(realSeconds: number): Reply {
	return { kind: 'hang', realMs: realSeconds * 1_000 };
}

function planOfOutcome(create: CreateAnswer, errors: CreateErrors): CreatePlan {
	const created: CreatePlan = { isPlaced: true, failure: null, runsAtOnce: false };
	switch (create) {
		case 'created':
			return created;
		case 'after-the-whole-call':
			return { ...created, runsAtOnce: true };
		case 'refused':
			return { ...created, isPlaced: false, failure: errors.refused() };
		case 'error-not-placed':
			return { ...created, isPlaced: false, failure: errors.ofStatus(500) };
		case 'hang-but-placed':
			return { ...created, failure: hang(CREATE_HANG_REAL_SECONDS) };
		case 'hang-not-placed':
			return { ...created, isPlaced: false, failure: hang(CREATE_HANG_REAL_SECONDS) };
	}
}

function planOfFaults(faults: Faults, errors: CreateErrors): CreatePlan | null {
	const isPlaced = faults.ambiguousCreate === true;
	const plan = (failure: Reply): CreatePlan => ({ isPlaced, failure, runsAtOnce: false });
	if (faults.createHangSeconds !== undefined) return plan(hang(faults.createHangSeconds));
	if (faults.createStatus !== undefined) return plan(errors.ofStatus(faults.createStatus));
	return isPlaced ? plan(hang(0)) : null;
}

/** What the number dialled and the fault plan make of a create request; the plan wins. */
export function planCreate(outcome: Outcome, faults: Faults, errors: CreateErrors): CreatePlan {
	return planOfFaults(faults, errors) ?? planOfOutcome(outcome.create, errors);
}

/** Bends an outcome by the faults a call suffers when it is created. */
export function bendOutcome(outcome: Outcome, faults: Faults): Outcome {
	const { create, callbacks } = outcome;
	let bent = outcome;
	if (faults.outcome !== undefined && faults.outcome !== outcome.end) {
		const like = OUTCOMES.find((one) => one.end === faults.outcome && one.create === 'created');
		bent = { ...outcome, ...like, create, callbacks };
	}
	if (faults.talkSeconds === undefined || bent.end !== 'completed') return bent;
	return { ...bent, talkSeconds: faults.talkSeconds };
}
