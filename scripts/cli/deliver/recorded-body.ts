/**
 * A recorded webhook body in any of the shapes people keep them in: a form as text, a JSON object of its
 * fields, or a record of the whole request around one of them.
 */
import { readFileSync } from 'node:fs';
import { UsageError } from '../options';

export type DeliverProvider = 'twilio' | 'exotel' | 'bolna';

export interface RecordedBody {
	provider: DeliverProvider;
	fields: Record<string, unknown>;
	/** How it travels: Twilio always as a form, the others as they were recorded. */
	encoding: 'form' | 'json';
}

const PROVIDERS: DeliverProvider[] = ['twilio', 'exotel', 'bolna'];
const WRAPPERS = ['body', 'form', 'params', 'payload', 'body_urlencoded'];

/** @throws UsageError in one line saying what is wrong with the file */
export function readRecordedBody(file: string, named: string | undefined): RecordedBody {
	const { fields, isForm } = readFields(readText(file), file);
	const provider = named === undefined ? guessProvider(fields) : readProvider(named);
	if (provider === null) {
		throw new UsageError(`${file} is no webhook body that can be told; name it with --provider.`);
	}
	const isBracketed = Object.keys(fields).some((name) => name.includes('['));
	const encoding = provider === 'twilio' || isForm || isBracketed ? 'form' : 'json';
	return { provider, fields, encoding };
}

function readText(file: string): string {
	try {
		return readFileSync(file, 'utf8').trim();
	} catch {
		throw new UsageError(`${file} cannot be read.`);
	}
}

function readFields(
	text: string,
	file: string
): { fields: Record<string, unknown>; isForm: boolean } {
	if (!text.startsWith('{')) return { fields: fieldsOfForm(text, file), isForm: true };
	const record = readJson(text, file);
	const wrapped = WRAPPERS.map((name) => record[name]).find((value) => value !== undefined);
	const isRequest = 'headers' in record || 'method' in record || 'source' in record;
	if (!isRequest || wrapped === undefined) return { fields: withoutNotes(record), isForm: false };
	if (typeof wrapped === 'string') return readFields(wrapped, file);
	return { fields: { ...(wrapped as object) }, isForm: false };
}

function fieldsOfForm(text: string, file: string): Record<string, unknown> {
	const fields = Object.fromEntries(new URLSearchParams(text));
	if (!text.includes('=')) throw new UsageError(`${file} holds neither JSON nor a form.`);
	return fields;
}

function readJson(text: string, file: string): Record<string, unknown> {
	try {
		return JSON.parse(text) as Record<string, unknown>;
	} catch {
		throw new UsageError(`${file} is no JSON.`);
	}
}

/** A recording may say where it is from beside its fields. */
function withoutNotes(record: Record<string, unknown>): Record<string, unknown> {
	const { source: _source, _source: _note, ...fields } = record;
	return fields;
}

function readProvider(named: string): DeliverProvider {
	const provider = PROVIDERS.find((one) => one === named);
	if (!provider) throw new UsageError('--provider must be twilio, exotel or bolna.');
	return provider;
}

/** Each provider's body by fields no other has. */
function guessProvider(fields: Record<string, unknown>): DeliverProvider | null {
	if ('id' in fields && 'status' in fields) return 'bolna';
	if (!('CallSid' in fields)) return null;
	const isExotel = 'EventType' in fields || 'DateUpdated' in fields || 'CustomField' in fields;
	return isExotel ? 'exotel' : 'twilio';
}
