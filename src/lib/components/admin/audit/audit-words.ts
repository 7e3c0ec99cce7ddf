import { formatMicros } from '$lib/domain/money';
import { formatMoney } from '../../format/numbers';

/** Actions of the audit log as people say them. */
const ACTION_WORDS: Record<string, string> = {
	'minutes.allocate': 'Allocated minutes',
	'minutes.set': 'Set the minutes left',
	'minutes.revoke': 'Revoked an allocation',
	'minutes.expire': 'Allocation expired',
	'minutes.schedule': 'Planned an allocation',
	'minutes.unschedule': 'Cancelled a planned allocation',
	'wallet.adjust': 'Adjusted the wallet',
	'wallet.credit': 'Added money to the wallet',
	'wallet.debit': 'Took money out of the wallet',
	'wallet.refund': 'Returned money to the wallet',
	'budget.set': 'Set a budget',
	'budget.remove': 'Removed a budget',
	'guard.trip': 'Calling was paused: it looked like fraud',
	'guard.set': 'Changed the fraud limits',
	'guard.release': 'Let calling go on',
	'organization.create': 'Created the organization',
	'organization.update': 'Changed the organization',
	'organization.archive': 'Archived the organization',
	'organization.restore': 'Took the organization out of the archive',
	'organization.set_active': 'Switched calling',
	'organization.set_providers': 'Changed the providers',
	'organization.calling_hours': 'Changed the calling hours',
	'organization.call_settings': 'Changed the call settings',
	'organization.set_dispute_freeze': 'Changed what a dispute does',
	'caller_id.add': 'Added a caller id',
	'caller_id.remove': 'Removed a caller id',
	'call.hang_up': 'Hung up a call',
	'delivery.replay': 'Replayed a delivery',
	'payment.refund': 'Refunded a payment',
	'payment.succeeded': 'A payment came in',
	'payment.money_back': 'Money of a payment went back',
	'outcome.change': 'Changed an outcome',
	'recording.delete': 'Deleted a recording',
	'invitation.create': 'Invited a person',
	'invitation.resend': 'Sent an invitation again',
	'invitation.revoke': 'Withdrew an invitation',
	'invitation.accept': 'Accepted an invitation',
	'account.change_password': 'Changed their password',
	'account.reset_password': 'Set a new password by mail',
	'account.end_session': 'Ended a session',
	'account.totp_on': 'Switched the second factor on',
	'account.totp_off': 'Switched the second factor off',
	'account.recovery_codes': 'Made new recovery codes',
	'rates.import': 'Imported rates',
	'token.create': 'Made an API token',
	'token.revoke': 'Revoked an API token',
	'user.create': 'Created an account',
	'user.set_phone': 'Entered a phone',
	'job.retry': 'Ran a job again',
	'platform.set_up': 'Set the platform up',
	'platform.set_sales_contact': 'Changed the sales contact',
	'platform.test_mail': 'Sent a test mail'
};

/** What the log can be narrowed to. */
export const AUDIT_SUBJECTS = [
	{ value: '', label: 'Every change' },
	{ value: 'minutes', label: 'Minutes' },
	{ value: 'wallet', label: 'Wallets' },
	{ value: 'payment', label: 'Payments' },
	{ value: 'organization', label: 'Organizations' },
	{ value: 'user', label: 'People' },
	{ value: 'token', label: 'API tokens' },
	{ value: 'call', label: 'Calls' },
	{ value: 'delivery', label: 'Deliveries' },
	{ value: 'rates', label: 'Rates' },
	{ value: 'caller_id', label: 'Caller ids' },
	{ value: 'budget', label: 'Budgets' },
	{ value: 'platform', label: 'Settings' },
	{ value: 'job', label: 'Jobs' }
];

export function actionWords(action: string): string {
	const known = ACTION_WORDS[action];
	if (known) return known;
	const words = action.replace('.', ': ').replaceAll('_', ' ');
	return words.charAt(0).toUpperCase() + words.slice(1);
}

const ACTOR_WORDS = {
	user: 'Somebody',
	command_line: 'Command line',
	job: 'Talktime',
	webhook: 'A provider'
} as const;

export function actorWords(row: {
	actorKind: keyof typeof ACTOR_WORDS;
	actorName: string | null;
}): string {
	return row.actorName ?? ACTOR_WORDS[row.actorKind];
}

export interface ChangedField {
	name: string;
	before: string | null;
	after: string | null;
}

/** The fields of a change side by side; those that stayed equal are left out. */
export function changedFields(
	before: Record<string, unknown> | null,
	after: Record<string, unknown> | null
): ChangedField[] {
	const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
	return names
		.map((name) => ({
			name: fieldWords(name),
			before: textOf(name, before?.[name]),
			after: textOf(name, after?.[name])
		}))
		.filter((field) => field.before !== field.after);
}

/** `remainingMinutes` becomes `remaining minutes`, `isActive` `active`, and `balanceMicros` `balance`. */
function fieldWords(name: string): string {
	return name
		.replaceAll('_', ' ')
		.replace(/([a-z])([A-Z])/g, '$1 $2')
		.toLowerCase()
		.replace(/^is | micros$/g, '');
}

function textOf(name: string, value: unknown): string | null {
	if (value === undefined || value === null || value === '') return null;
	if (name.endsWith('Micros')) return moneyOf(value);
	if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) {
		return value.length > 0 ? value.join(', ') : 'none';
	}
	// Names that are ours (`minutes_then_wallet`) are read as words; texts of people stay as they are.
	if (typeof value === 'string') {
		return /^[a-z]+(_[a-z]+)+$/.test(value) ? value.replaceAll('_', ' ') : value;
	}
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	return typeof value === 'number' ? value.toLocaleString('en-US') : JSON.stringify(value);
}

function moneyOf(micros: unknown): string {
	const text = String(micros);
	return /^-?\d+$/.test(text) ? formatMoney(formatMicros(BigInt(text), 6)) : text;
}
