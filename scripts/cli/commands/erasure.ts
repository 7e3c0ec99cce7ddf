import { eraseContactByPhone } from '$lib/server/contacts/erase-contact';
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
	}
];
