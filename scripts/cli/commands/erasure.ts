import { eraseContactByPhone } from '$lib/server/contacts/erase-contact';
import { eraseMember } from '$lib/server/team/erase-member';
import { given, type CommandLine } from '../command';
import { wholeNumber } from '../options';

export const erasureCommands: CommandLine[] = [
	{
		words: ['erase', 'contact'],
		usage: 'erase contact --org N --phone P',
		summary: 'erase what an organisation knows of a person; calls and charges stay',
		required: ['org', 'phone'],
		optional: [],
		async run(ctx, values) {
			const input = {
				organizationId: wholeNumber('org', values.org),
				phone: given(values, 'phone')
			};
			const erased = await eraseContactByPhone({ ctx, input });
			return {
				line: `Erased a contact of organisation ${values.org}: ${erased.calls} calls stay without a name, ${erased.recordings} recordings were deleted.`,
				json: erased
			};
		}
	},
	{
		words: ['erase', 'member'],
		usage: 'erase member --org N --email E',
		summary: 'erase who a member without access was; what they did stays',
		required: ['org', 'email'],
		optional: [],
		async run(ctx, values) {
			const input = {
				organizationId: wholeNumber('org', values.org),
				confirmation: given(values, 'email')
			};
			const erased = await eraseMember({ ctx, input });
			return {
				line: `Erased a member of organisation ${values.org}; their calls stay under ${erased.userId}.`,
				json: erased
			};
		}
	}
];
