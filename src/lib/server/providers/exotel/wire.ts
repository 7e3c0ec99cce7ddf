/**
 * What Exotel writes (PROVIDERS.md 2.2, 2.3, 2.5). The same fact comes as text or number, as `null`,
 * `"null"` or an empty text, and callbacks come as JSON or as a form whose legs are flattened. Nothing is
 * refused here: every field is read as text, and read.ts decides what it means.
 */
import { z } from 'zod';
import { anyText, toObject } from '../wire-text';

export interface Leg {
	status: string | undefined;
	seconds: string | undefined;
	answeredBy: string | undefined;
}

const LegFields = z.looseObject({ Status: anyText, OnCallDuration: anyText, AnsweredBy: anyText });

function readLeg(value: unknown): Leg {
	const outer = toObject(value);
	// REST wraps each leg once more: `Legs: [{ Leg: { Id, OnCallDuration } }]`.
	const fields = LegFields.parse('Leg' in outer ? toObject(outer.Leg) : outer);
	return {
		status: fields.Status,
		seconds: fields.OnCallDuration,
		answeredBy: fields.AnsweredBy
	};
}

/** Undefined when no legs are spoken of at all. */
const legs = z
	.unknown()
	.transform((value): Leg[] | undefined => (Array.isArray(value) ? value.map(readLeg) : undefined))
	.optional();

const Common = {
	Status: anyText,
	To: anyText,
	DateUpdated: anyText,
	StartTime: anyText,
	EndTime: anyText,
	Price: anyText,
	RecordingUrl: anyText,
	CustomField: anyText,
	ConversationDuration: anyText
};

/** A status callback; of an account that subscribed to no events it has four fields only. */
export const StatusCallback = z.looseObject({
	...Common,
	CallSid: anyText,
	EventType: anyText,
	Legs: legs
});

const Details = z.looseObject({
	ConversationDuration: anyText,
	Leg1Status: anyText,
	Leg2Status: anyText,
	Legs: legs
});

/** The Call resource, with its details when they were asked for. */
export const CallResource = z.looseObject({
	...Common,
	Sid: anyText,
	DateCreated: anyText,
	PreSignedRecordingUrl: anyText,
	Details: z
		.unknown()
		.transform((value) => Details.parse(toObject(value)))
		.optional()
});
export type CallResource = z.infer<typeof CallResource>;

const Metadata = z.looseObject({ NextPageUri: anyText });

/** A page of calls. */
export const CallPage = z.looseObject({
	Metadata: z.unknown().transform((value) => Metadata.parse(toObject(value))),
	Calls: z.array(z.unknown())
});

const FLAT_LEG = /^Legs\[(\d)\]\[(\w+)\]$/;

/** Turns the flattened legs of a form, `Legs[0][Status]`, into the list that JSON has. */
export function unflatten(form: Record<string, unknown>): Record<string, unknown> {
	const legFields: Record<string, unknown>[] = [];
	const others = Object.entries(form).filter(([name, value]) => {
		const [, index, field] = FLAT_LEG.exec(name) ?? [];
		if (index === undefined || field === undefined) return true;
		legFields[Number(index)] = { ...legFields[Number(index)], [field]: value };
		return false;
	});
	return legFields.length === 0 ? form : { ...Object.fromEntries(others), Legs: [...legFields] };
}
