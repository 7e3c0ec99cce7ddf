import { FASTEST_SPEED, SLOWEST_SPEED } from './clock';
import { CALL_ENDS, type CallEnd, type FaultPlan } from './faults';
import type { FinishRequest } from './provider';

/** Control input that cannot be used; the message is one sentence which names the field. */
export class ControlInputError extends Error {}

type FieldReader<Value> = (field: string, value: unknown) => Value;

function numberBetween(lowest: number, highest: number): FieldReader<number> {
	return (field, value) => {
		if (typeof value === 'number' && value >= lowest && value <= highest) return value;
		throw new ControlInputError(`${field} must be a number from ${lowest} to ${highest}.`);
	};
}

function integerBetween(lowest: number, highest: number): FieldReader<number> {
	return (field, value) => {
		if (Number.isInteger(value)) return numberBetween(lowest, highest)(field, value);
		throw new ControlInputError(`${field} must be a whole number from ${lowest} to ${highest}.`);
	};
}

const trueOrFalse: FieldReader<boolean> = (field, value) => {
	if (typeof value === 'boolean') return value;
	throw new ControlInputError(`${field} must be true or false.`);
};

const callEnd: FieldReader<CallEnd> = (field, value) => {
	const known = CALL_ENDS.find((end) => end === value);
	if (known !== undefined) return known;
	throw new ControlInputError(`${field} must be one of ${CALL_ENDS.join(', ')}.`);
};

type Readers<Shape> = { [Field in keyof Shape]-?: FieldReader<Exclude<Shape[Field], undefined>> };

const A_DAY_SECONDS = 86_400;

const FAULT_READERS: Readers<FaultPlan> = {
	next: integerBetween(1, 1_000_000),
	duplicate: integerBetween(0, 30),
	reorder: trueOrFalse,
	delaySeconds: numberBetween(0, A_DAY_SECONDS),
	dropFinal: numberBetween(0, 1),
	dropAll: trueOrFalse,
	latePriceSeconds: numberBetween(0, A_DAY_SECONDS * 30),
	outcome: callEnd,
	talkSeconds: integerBetween(0, A_DAY_SECONDS),
	createStatus: integerBetween(400, 599),
	createHangSeconds: numberBetween(0, 600),
	ambiguousCreate: trueOrFalse,
	ignoreHangUp: trueOrFalse,
	apiStatus: integerBetween(400, 599),
	apiHang: trueOrFalse
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

function readFields<Shape>(rawBody: Buffer, readers: Readers<Shape>): Partial<Shape> {
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
	const { next: _next, ...faults } = plan;
	if (Object.keys(faults).length === 0) {
		throw new ControlInputError('The plan must name at least one fault.');
	}
	const apiFields = ['apiStatus', 'apiHang'].filter((field) => field in faults);
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

/** Body of POST /_sandbox/calls/{sid}/finish. Throws ControlInputError. */
export function readFinish(rawBody: Buffer): FinishRequest {
	return readFields<FinishRequest>(rawBody, {
		status: callEnd,
		seconds: integerBetween(0, A_DAY_SECONDS)
	});
}
