import { FASTEST_SPEED, SLOWEST_SPEED } from './clock';
import { API_FAULT_FIELDS, CALL_ENDS, PROVIDER_NAMES, type FaultPlan } from './faults';
import type { FinishRequest } from './provider';

/** Control input that cannot be used; the message is one sentence which names the field. */
export class ControlInputError extends Error {}

type FieldReader<Value> = (field: string, value: unknown) => Value;

export function numberBetween(lowest: number, highest: number): FieldReader<number> {
	return (field, value) => {
		if (typeof value === 'number' && value >= lowest && value <= highest) return value;
		throw new ControlInputError(`${field} must be a number from ${lowest} to ${highest}.`);
	};
}

export function integerBetween(lowest: number, highest: number): FieldReader<number> {
	return (field, value) => {
		if (Number.isInteger(value)) return numberBetween(lowest, highest)(field, value);
		throw new ControlInputError(`${field} must be a whole number from ${lowest} to ${highest}.`);
	};
}

export const trueOrFalse: FieldReader<boolean> = (field, value) => {
	if (typeof value === 'boolean') return value;
	throw new ControlInputError(`${field} must be true or false.`);
};

export function oneOf<Value extends string>(values: readonly Value[]): FieldReader<Value> {
	return (field, value) => {
		const known = values.find((one) => one === value);
		if (known !== undefined) return known;
		throw new ControlInputError(`${field} must be one of ${values.join(', ')}.`);
	};
}

export const shortText: FieldReader<string> = (field, value) => {
	if (typeof value === 'string' && value.length >= 1 && value.length <= 200) return value;
	throw new ControlInputError(`${field} must be a text of 1 to 200 characters.`);
};

const callEnd = oneOf(CALL_ENDS);

type Readers<Shape> = { [Field in keyof Shape]-?: FieldReader<Exclude<Shape[Field], undefined>> };

const A_DAY_SECONDS = 86_400;

const FAULT_READERS: Readers<FaultPlan> = {
	next: integerBetween(1, 1_000_000),
	provider: oneOf(PROVIDER_NAMES),
	duplicate: integerBetween(0, 30),
	reorder: trueOrFalse,
	delaySeconds: numberBetween(0, A_DAY_SECONDS),
	dropFinal: numberBetween(0, 1),
	dropAll: trueOrFalse,
	twoEventIds: trueOrFalse,
	declineCode: shortText,
	dropUserData: trueOrFalse,
	repeatRows: trueOrFalse,
	latePriceSeconds: numberBetween(0, A_DAY_SECONDS * 30),
	outcome: callEnd,
	talkSeconds: integerBetween(0, A_DAY_SECONDS),
	createStatus: integerBetween(400, 599),
	createHangSeconds: numberBetween(0, 600),
	ambiguousCreate: trueOrFalse,
	ignoreHangUp: trueOrFalse,
	apiStatus: integerBetween(400, 599),
	apiHang: trueOrFalse,
	apiReset: trueOrFalse,
	apiAmbiguous: trueOrFalse,
	apiLatencySeconds: numberBetween(0, 600),
	apiTrickleSeconds: numberBetween(0, 600),
	apiPath: shortText
};

function readObject(rawBody: Buffer): Record<string, unknown> {
	let parsed: unknown;
	try {
		parsed = rawBody.length === 0 ? {} : JSON.parse(rawBody.toString('utf8'));
	} catch {
		throw new ControlInputError('The body must be JSON.');
	}
	if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
		throw new ControlInputError('The body must be a JSON object.');
	}
	return { ...parsed };
}

/** Reads a JSON object of known fields. Throws ControlInputError. */
export function readFields<Shape>(rawBody: Buffer, readers: Readers<Shape>): Partial<Shape> {
	const fields = readObject(rawBody);
	const read: Partial<Shape> = {};
	const known = new Set(Object.keys(readers));
	for (const field of Object.keys(fields)) {
		if (!known.has(field)) {
			throw new ControlInputError(`${field} is not a field; known are ${[...known].join(', ')}.`);
		}
	}
	for (const field in readers) {
		const value = fields[field];
		if (value !== undefined) read[field] = readers[field](field, value);
	}
	return read;
}

/** Body of POST /_sandbox/faults. Throws ControlInputError. */
export function readFaultPlan(rawBody: Buffer): FaultPlan {
	const plan: FaultPlan = readFields(rawBody, FAULT_READERS);
	const { next: _next, provider: _provider, ...faults } = plan;
	if (Object.keys(faults).length === 0) {
		throw new ControlInputError('The plan must name at least one fault.');
	}
	if ('declineCode' in faults && Object.keys(faults).length > 1) {
		throw new ControlInputError('declineCode must be in a plan of its own: it counts charges.');
	}
	const apiFields = API_FAULT_FIELDS.filter((field) => field in faults);
	if (apiFields.length > 0 && apiFields.length < Object.keys(faults).length) {
		throw new ControlInputError(
			`${apiFields[0]} must be in a plan of its own: it counts REST requests, not calls.`
		);
	}
	return plan;
}

/** Body of POST /_sandbox/speed: simulated seconds per real second. Throws ControlInputError. */
export function readSpeed(rawBody: Buffer): number {
	const { speed } = readFields<{ speed: number }>(rawBody, {
		speed: numberBetween(SLOWEST_SPEED, FASTEST_SPEED)
	});
	if (speed === undefined) throw new ControlInputError('speed is missing.');
	return speed;
}

/** Body of POST /_sandbox/advance: simulated seconds forward. Throws ControlInputError. */
export function readAdvance(rawBody: Buffer): number {
	const { seconds } = readFields<{ seconds: number }>(rawBody, {
		seconds: numberBetween(0, A_DAY_SECONDS * 365)
	});
	if (seconds === undefined) throw new ControlInputError('seconds is missing.');
	return seconds;
}

/** Body of POST /_sandbox/calls/{sid}/finish. Throws ControlInputError. */
export function readFinish(rawBody: Buffer): FinishRequest {
	return readFields<FinishRequest>(rawBody, {
		status: callEnd,
		seconds: integerBetween(0, A_DAY_SECONDS)
	});
}
