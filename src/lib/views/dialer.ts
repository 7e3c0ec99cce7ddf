import type { CallEstimateView, CallView } from './index';
import type { CallBackView, NoteView, OutcomeView } from './outcomes';

/** What the agent at the dialer calls with. */
export interface DialSetupView {
	/** ISO country of numbers without a country code. */
	country: string;
	/** IANA zone of the organisation. */
	timezone: string;
	/** How calls are made: in the browser, or by phone, where the provider rings the agent's own first. */
	device: 'browser' | 'phone';
	provider: 'twilio' | 'exotel' | 'bolna';
	/** The phone rung first on bridged calls, E.164. */
	agentPhone: string | null;
	/** Why no call can be made at all; null when one can. */
	problem: string | null;
}

export interface DialContactView {
	id: string;
	name: string;
	email: string | null;
	company: string | null;
	timezone: string | null;
	doNotCall: boolean;
	lastCalledAt: string | null;
}

/** What is known of a number before it is called. */
export interface DialLookupView {
	estimate: CallEstimateView;
	contact: DialContactView | null;
	/** Newest call to it, live or ended. */
	lastCall: CallView | null;
	lastOutcome: OutcomeView | null;
	/** The newest notes about it. */
	notes: NoteView[];
	/** A call that was promised and not made yet. */
	callBack: CallBackView | null;
	/** IANA zones it may be in, the likeliest first; none: nobody knows. */
	zones: string[];
	/** Whether its clock says that it may be called now. */
	isCallingHour: boolean;
}

export type PowerDialState = 'running' | 'paused' | 'finished' | 'stopped';

/** An agent going through a lead list. */
export interface PowerDialView {
	id: string;
	leadListId: string;
	leadListName: string;
	state: PowerDialState;
	/** Leads of the list. */
	total: number;
	/** How many of them were looked at. */
	seen: number;
	/** Leads put in front of the agent, and those passed over, by why. */
	offered: number;
	skipped: {
		byAgent: number;
		doNotCall: number;
		hours: number;
		/** Whoever is done with: not interested, wrong number. */
		done: number;
		/** Called by somebody since it began. */
		taken: number;
	};
	/** The lead in front of the agent; null at the end. */
	lead: PowerLeadView | null;
	startedAt: string;
}

export interface PowerLeadView {
	contactId: string;
	name: string;
	phone: string;
	company: string | null;
}
