import { z } from 'zod';
import { organizationId } from './parts';

const dollars = (name: string, to: number) =>
	z
		.string()
		.regex(/^\d{1,6}(\.\d{1,6})?$/, `${name} must be an amount like 1.50.`)
		.refine(
			(amount) => Number(amount) > 0 && Number(amount) <= to,
			`${name} must be more than 0 and at most ${to.toLocaleString('en')}.`
		);

export const GuardInput = z.object({ organizationId });
export type GuardInput = z.infer<typeof GuardInput>;

/** What is left out stays as it is. */
export const SetGuardInput = z.object({
	organizationId,
	/** Besides its own. */
	allowedCountries: z
		.array(
			z.string().regex(/^[A-Z]{2}$/, 'allowedCountries must be codes of two letters like GB.'),
			'allowedCountries must be a list of country codes.'
		)
		.max(250, 'allowedCountries must be at most 250 countries.')
		.optional(),
	/** Dollars a minute may cost. */
	priceCeiling: dollars('priceCeiling', 1000).optional(),
	/** Dollars that may be promised to calls in an hour; null: by age. */
	hourlyCap: dollars('hourlyCap', 100_000).nullable().optional(),
	isTrusted: z.boolean('isTrusted must be true or false.').optional()
});
export type SetGuardInput = z.infer<typeof SetGuardInput>;
