/** What the words of the call history mean: one text for the page, the exports and the reports. */
export interface Definition {
	/** Its place on the page. */
	id: string;
	term: string;
	text: string;
	/** How it is reckoned, where a formula says it better. */
	formula?: string;
}

export const DEFINITIONS: readonly Definition[] = [
	{
		id: 'period',
		term: 'Period, day, today',
		text: 'Days are calendar days of your organization’s time zone, from midnight to midnight; a day on which clocks change has 23 or 25 hours. A call belongs to the day on which it was placed, whenever it ends. “Today” begins at midnight and is not over; “last 24 hours” reaches back that long from now, whatever the day. A period is compared with as many days just before it.'
	},
	{
		id: 'calls',
		term: 'Calls',
		text: 'Every call that was placed in the period, live ones included. A call that was refused before it was placed, because credit or permission was missing, is none. Tables and charts that say how calls ended count ended calls only.'
	},
	{
		id: 'success',
		term: 'Completed, failed, cancelled',
		text: 'How a call ended. Completed: the phone provider connected it. Failed: it was not connected; the end reason says why, for example busy or no answer. Cancelled: it was hung up before anybody answered.'
	},
	{
		id: 'success-rate',
		term: 'Success rate',
		text: 'The share of ended calls that were completed, by people and voicemail alike.',
		formula: 'completed ÷ (completed + failed + cancelled)'
	},
	{
		id: 'answered',
		term: 'Answered',
		text: 'A completed call with at least one second of talk.'
	},
	{
		id: 'talk-time',
		term: 'Talk time',
		text: 'Seconds from answer to hang-up of the leg to the person called, as the phone provider reports them. Ringing is no talk.'
	},
	{
		id: 'average-talk',
		term: 'Average, median and longest talk',
		text: 'Of answered calls. The median is the length half of them stay within; nine in ten stay within the other figure. Both are read from counts of calls by length, exact to the length’s bracket.',
		formula: 'talk time ÷ answered calls'
	},
	{
		id: 'billed-minutes',
		term: 'Minutes billed',
		text: 'Every started minute of a completed call counts; a call that was never answered costs nothing. Minutes billed are paid by allocated minutes, by the wallet, or by both, as the receipt of each call says.',
		formula: 'per call: talk seconds ÷ 60, rounded up'
	},
	{
		id: 'cost',
		term: 'Cost',
		text: 'Dollars that calls cost the wallet, by the price per minute agreed when each was placed, with what is still owed, or was until minutes paid it. Minutes paid by allocated minutes cost no dollars. What the phone provider charges the platform is not in it.'
	},
	{
		id: 'end-reason',
		term: 'End reason',
		text: 'Why a call ended as it did, in one word for all providers; a completed call needs none.'
	},
	{
		id: 'hour',
		term: 'Hour',
		text: 'The hour of placing on a clock of your organization’s time zone. When clocks are turned back, the hour that comes twice is one.'
	},
	{
		id: 'report',
		term: 'Monthly report and corrections',
		text: 'On the first of each month the month before is written down and sealed: the report carries a fingerprint of its content and never changes. When a later delivery of a phone provider changes a month that is sealed already, the next report says by how much.'
	}
];
