import { z } from 'zod';
import { CAMPAIGN_KINDS, LEAD_STATES } from '../domain/campaigns/campaign';
import { LeadFilters } from './leads';
import { id, isStorable, text, wholeNumber } from './parts';

export const CAMPAIGN_LEADS_MAX = 100_000;
const CHOSEN_MAX = 5_000;

/** Which leads: those of a list that fit the filters, or those named. */
export const LeadChoice = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('list'), listId: id('listId'), filters: LeadFilters.default({}) }),
	z.object({
		kind: z.literal('contacts'),
		contactIds: z
			.array(id('contactIds'))
			.min(1, 'Choose at least one lead.')
			.max(CHOSEN_MAX, `Choose at most ${CHOSEN_MAX.toLocaleString('en')} leads.`)
	})
]);
export type LeadChoice = z.infer<typeof LeadChoice>;

const kind = z.enum(CAMPAIGN_KINDS, 'kind must be server, bridged or ai.');
const attemptsMax = wholeNumber('Calls per lead', 1, 10);
const gap = (name: string) => wholeNumber(name, 1, 10_080).nullable();

export const ForecastBatchInput = z.object({
	choice: LeadChoice,
	kind: kind.default('server'),
	attemptsMax: attemptsMax.default(3)
});
export type ForecastBatchInput = z.infer<typeof ForecastBatchInput>;

export const CreateCampaignInput = z.object({
	/** The campaign's id: the same again answers with the same campaign. */
	requestId: z.uuidv7('requestId must be a UUID of version 7.'),
	name: text('Name', 1, 120),
	kind,
	choice: LeadChoice,
	concurrency: wholeNumber('Calls at once', 1, 200).default(5),
	callsPerSecond: z
		.number('Calls per second must be a number from 0.1 to 200.')
		.min(0.1, 'Calls per second must be a number from 0.1 to 200.')
		.max(200, 'Calls per second must be a number from 0.1 to 200.')
		.default(1),
	attemptsMax: attemptsMax.default(3),
	/** Minutes until a lead is called again; null: not again. */
	busyAfterMinutes: gap('Minutes after busy').default(10),
	noAnswerAfterMinutes: gap('Minutes after no answer').default(60),
	failedAfterMinutes: gap('Minutes after a failed call').default(30),
	/** False: it stays a draft. */
	isStarted: z.boolean('isStarted must be true or false.').default(false)
});
export type CreateCampaignInput = z.infer<typeof CreateCampaignInput>;
/** As a browser sends it: what it leaves out has a default. */
export type CreateCampaignWish = z.input<typeof CreateCampaignInput>;

export const CampaignIdInput = z.object({ campaignId: id('campaignId') });
export type CampaignIdInput = z.infer<typeof CampaignIdInput>;

export const ListCampaignsInput = z.object({
	cursor: z.string().max(100, 'cursor is not one of ours.').optional()
});
export type ListCampaignsInput = z.infer<typeof ListCampaignsInput>;

export const ListCampaignLeadsInput = z.object({
	campaignId: id('campaignId'),
	state: z.enum(LEAD_STATES, `state must be one of ${LEAD_STATES.join(', ')}.`).optional(),
	cursor: z
		.string()
		.regex(/^\d{1,9}$/, 'cursor is not one of ours.')
		.optional()
});
export type ListCampaignLeadsInput = z.infer<typeof ListCampaignLeadsInput>;

/** People enter times of day, so the sentence speaks of them. */
const minuteOfDay = (name: string) => {
	const sentence = `${name} must be a time of day between 00:00 and 24:00.`;
	return z.int(sentence).min(0, sentence).max(1_440, sentence);
};

export const CallingHoursInput = z
	.object({
		fromMinute: minuteOfDay('From'),
		untilMinute: minuteOfDay('Until'),
		days: z
			.array(wholeNumber('A day', 1, 7))
			.min(1, 'Choose at least one day.')
			.max(7, 'A week has seven days.'),
		callsPerNumberDay: wholeNumber('Calls to one number a day', 1, 20)
	})
	.refine(({ fromMinute, untilMinute }) => fromMinute < untilMinute, {
		path: ['untilMinute'],
		message: 'Until must be later than From.'
	});
export type CallingHoursInput = z.infer<typeof CallingHoursInput>;

const listName = z
	.string('Name must be a text of 1 to 80 characters.')
	.refine(isStorable, 'Name must not contain the character U+0000.')
	.trim()
	.min(1, 'Name must be a text of 1 to 80 characters.')
	.max(80, 'Name must be a text of 1 to 80 characters.');

export const CreateLeadListInput = z.object({
	requestId: z.uuidv7('requestId must be a UUID of version 7.'),
	name: listName,
	/** Leads it begins with. */
	choice: LeadChoice.optional()
});
export type CreateLeadListInput = z.infer<typeof CreateLeadListInput>;

export const RenameLeadListInput = z.object({ listId: id('listId'), name: listName });
export type RenameLeadListInput = z.infer<typeof RenameLeadListInput>;

export const ChangeLeadListInput = z.object({ listId: id('listId'), choice: LeadChoice });
export type ChangeLeadListInput = z.infer<typeof ChangeLeadListInput>;
