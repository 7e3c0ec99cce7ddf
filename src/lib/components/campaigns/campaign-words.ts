import { assertNever } from '$lib/domain/assert-never';
import type {
	CampaignKind,
	CampaignStatus,
	LeadState,
	WaitReason
} from '$lib/domain/campaigns/campaign';
import type { CampaignProgressView, CallingHoursView } from '$lib/views';
import { endReasonWords } from '../format/calls';
import { formatCount, plural } from '../format/numbers';
import { formatTime } from '../format/time';
import type { Tone } from '../ui/Pill.svelte';

export const KIND_WORDS: Record<CampaignKind, { title: string; text: string }> = {
	server: { title: 'Announcement (Twilio)', text: 'Twilio rings each lead; nobody is connected.' },
	bridged: {
		title: 'Bridged (Exotel)',
		text: 'Your own phone rings first, then the lead is connected to you.'
	},
	ai: { title: 'AI agent (Bolna)', text: 'A Bolna agent talks with each lead.' }
};

export const STATUS_LOOKS: Record<CampaignStatus, { word: string; tone: Tone }> = {
	draft: { word: 'Draft', tone: 'neutral' },
	running: { word: 'Running', tone: 'live' },
	paused: { word: 'Paused', tone: 'attention' },
	stopping: { word: 'Stopping', tone: 'attention' },
	stopped: { word: 'Stopped', tone: 'neutral' },
	finished: { word: 'Finished', tone: 'good' }
};

export const LEAD_STATE_LOOKS: Record<LeadState, { word: string; tone: Tone }> = {
	waiting: { word: 'Waiting', tone: 'neutral' },
	calling: { word: 'Calling', tone: 'live' },
	answered: { word: 'Reached', tone: 'good' },
	unreached: { word: 'Not reached', tone: 'attention' },
	skipped: { word: 'Left out', tone: 'neutral' }
};

const WAIT_WORDS: Record<WaitReason, string> = {
	calling_hours: 'is outside calling hours there',
	retry: 'waits for its next attempt',
	attempt_cap: 'was called as often as allowed today',
	number_busy: 'is on another call',
	too_fast: 'waits: you call as fast as you may',
	provider: 'waits for the phone provider'
};

const SKIP_WORDS: Record<string, string> = {
	do_not_call: 'must not be called',
	no_calling_hour: 'time zone not known: enter it with the contact',
	contact_deleted: 'the contact was deleted',
	not_allowed: 'this number may not be called'
};

/** What a lead waits for, why it is left out, or how its last call ended. */
export function leadNote(lead: {
	state: LeadState;
	reason: string | null;
	outcome: string | null;
}): string {
	if (lead.state === 'skipped') return sentence(SKIP_WORDS[lead.reason ?? ''] ?? 'left out');
	const wait = lead.state === 'waiting' ? findWaitWords(lead.reason) : undefined;
	const last = lead.outcome ? outcomeWords(lead.outcome) : null;
	if (wait) return [last, sentence(wait)].filter(Boolean).join('. ');
	return last ?? '';
}

function findWaitWords(reason: string | null): string | undefined {
	return Object.entries(WAIT_WORDS).find(([name]) => name === reason)?.[1];
}

function outcomeWords(outcome: string): string {
	return outcome === 'completed' ? 'Completed' : endReasonWords(outcome);
}

function sentence(words: string): string {
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Why nothing new is dialled at this moment: always one sentence. */
export function standstillWords(
	campaign: CampaignProgressView,
	nowMs: number,
	timezone: string
): string {
	const { standstill, counts } = campaign;
	switch (standstill.code) {
		case 'draft':
			return `Not started. ${plural(counts.total, 'lead')} will be called once it is.`;
		case 'dialling':
			return `Dialling. ${plural(counts.waiting, 'lead')} ${counts.waiting === 1 ? 'waits' : 'wait'} for a call.`;
		case 'full':
			return `Nothing new is dialled: ${plural(standstill.calls, 'call')} ${standstill.calls === 1 ? 'is' : 'are'} in progress, as many as it makes at once.`;
		case 'last_calls':
			return `Every lead was called; ${plural(counts.calling, 'call')} ${counts.calling === 1 ? 'is' : 'are'} still in progress.`;
		case 'credit':
			return 'Nothing new is dialled: the credit that is left is held by calls in progress.';
		case 'pace':
			return 'Waits a moment: it keeps to its calls per second.';
		case 'provider':
			return 'Nothing new is dialled: the phone provider takes no calls right now.';
		case 'not_due':
			return `No lead is due: the next one ${standstill.reason ? WAIT_WORDS[standstill.reason] : 'is due'}, and may be called ${dueWords(standstill.atMs, nowMs, timezone)}.`;
		case 'no_worker':
			return 'Nothing is dialled: no worker has looked at it for a while. Tell your administrator that the worker is not running.';
		case 'paused':
			return pauseWords(campaign);
		case 'stopping':
			return `Stopping: nothing new is dialled, ${plural(counts.calling, 'call')} in progress ${counts.calling === 1 ? 'goes' : 'go'} on to ${counts.calling === 1 ? 'its' : 'their'} end.`;
		case 'stopped':
			return `Stopped. ${plural(counts.waiting, 'lead')} ${counts.waiting === 1 ? 'was' : 'were'} not called any more.`;
		case 'finished':
			return 'Finished: no lead waits for a call.';
		default:
			return assertNever(standstill);
	}
}

function pauseWords({ pauseCause, pauseReason }: CampaignProgressView): string {
	const reason = pauseReason ?? '';
	switch (pauseCause) {
		case 'credit':
			return `Paused: ${reason} It goes on by itself when there is credit again.`;
		case 'budget':
			return `Paused: ${reason} It goes on by itself when the budget allows it.`;
		case 'provider':
			return `Paused: ${reason} It tries again by itself.`;
		case 'inactive':
			return `Paused: ${reason} It goes on by itself when calling is switched on.`;
		case 'guard':
			return `Paused: ${reason} It goes on by itself once your administrator releases it.`;
		default:
			return `${reason} Nothing is dialled until it is resumed.`.trim();
	}
}

function dueWords(atMs: number, nowMs: number, timezone: string): string {
	const minutes = Math.ceil((atMs - nowMs) / 60_000);
	if (minutes <= 1) return 'within a minute';
	const time = formatTime(atMs, timezone);
	if (minutes < 90) return `at ${time}, in ${minutes} min`;
	const hours = Math.round(minutes / 60);
	return hours < 36 ? `at ${time}, in ${hours} h` : `at ${time}, in ${Math.round(hours / 24)} days`;
}

/** `120 leads · about 340 min · you have 118: this will reach about lead 41` */
export function forecastWords(forecast: {
	leads: number;
	minutes: number;
	affordableMinutes: number;
	reachesLead: number;
}): string {
	const { leads, minutes, affordableMinutes, reachesLead } = forecast;
	const start = `${plural(leads, 'lead')} · about ${formatCount(minutes)} min`;
	if (reachesLead >= leads) return `${start} · you have ${formatCount(affordableMinutes)}: enough`;
	return `${start} · you have ${formatCount(affordableMinutes)}: this will reach about lead ${formatCount(reachesLead)}`;
}

const DAY_WORDS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** `8:00 to 21:00, every day` */
export function hoursWords({ fromMinute, untilMinute, days }: CallingHoursView): string {
	const when = `${clockWords(fromMinute)} to ${clockWords(untilMinute)}`;
	if (days.length === 7) return `${when}, every day`;
	const isWeekdays = days.length === 5 && days.every((day) => day <= 5);
	return `${when}, ${isWeekdays ? 'Mon to Fri' : days.map((day) => DAY_WORDS[day - 1]).join(', ')}`;
}

/** `8:00` of 480 minutes after midnight. */
export function clockWords(minute: number): string {
	return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
}
