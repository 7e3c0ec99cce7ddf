import { z } from 'zod';
import { id, isStorable } from './parts';

export const LookUpNumberInput = z.object({
	phone: z
		.string('phone must be a phone number.')
		.refine(isStorable, 'phone must not contain the character U+0000.')
		.max(40, 'phone must be a phone number.')
});
export type LookUpNumberInput = z.infer<typeof LookUpNumberInput>;

export const StartPowerDialInput = z.object({
	/** Made by who starts it: the same again starts it once. */
	powerDialId: id('powerDialId'),
	leadListId: id('leadListId')
});
export type StartPowerDialInput = z.infer<typeof StartPowerDialInput>;

export const NextLeadInput = z.object({
	powerDialId: id('powerDialId'),
	/** The lead that was in front: asked twice with the same, it goes on once. Null at the start. */
	afterContactId: id('afterContactId').nullable(),
	/** The agent passed it over. */
	isSkipped: z.boolean('isSkipped must be true or false.').optional()
});
export type NextLeadInput = z.infer<typeof NextLeadInput>;

export const ChangePowerDialInput = z.object({
	powerDialId: id('powerDialId'),
	action: z.enum(['pause', 'resume', 'stop'], 'action must be pause, resume or stop.')
});
export type ChangePowerDialInput = z.infer<typeof ChangePowerDialInput>;
