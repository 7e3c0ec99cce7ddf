import { createToken } from '$lib/server/auth/create-token';
import { createUser } from '$lib/server/auth/create-user';
import { setPhone } from '$lib/server/auth/set-phone';
import { wholeNumber } from '../options';
import { given, type CommandLine } from '../command';

export const peopleCommands: CommandLine[] = [
	{
		words: ['admin', 'create'],
		usage: 'admin create --email E --password P [--name N]',
		summary: 'create a super admin',
		required: ['email', 'password'],
		optional: ['name'],
		async run(ctx, values) {
			const user = await createUser({
				ctx,
				input: {
					email: given(values, 'email'),
					password: given(values, 'password'),
					name: values.name,
					role: 'super_admin',
					organizationId: null
				}
			});
			return { line: `Created super admin ${user.email}.`, json: user };
		}
	},
	{
		words: ['user', 'create'],
		usage: 'user create --org N --email E --role manager|agent --password P [--name N]',
		summary: 'create a member of an organisation',
		required: ['org', 'email', 'role', 'password'],
		optional: ['name'],
		async run(ctx, values) {
			const user = await createUser({
				ctx,
				input: {
					email: given(values, 'email'),
					password: given(values, 'password'),
					name: values.name,
					// createUser checks it against the roles there are, and says which.
					role: given(values, 'role') as 'agent',
					organizationId: wholeNumber('org', values.org)
				}
			});
			return {
				line: `Created ${values.role} ${user.email} in organisation ${values.org}.`,
				json: user
			};
		}
	},
	{
		words: ['user', 'phone'],
		usage: 'user phone --email E --phone P',
		summary: "enter a person's phone, rung first on bridged calls",
		required: ['email', 'phone'],
		optional: [],
		async run(ctx, values) {
			const input = { email: given(values, 'email'), phone: given(values, 'phone') };
			const user = await setPhone({ ctx, input });
			return { line: `Calls of ${user.email} ring ${user.phone} first.`, json: user };
		}
	},
	{
		words: ['token', 'create'],
		usage: 'token create --email E [--name N]',
		summary: 'make an API token for a person; printed once',
		required: ['email'],
		optional: ['name'],
		async run(ctx, values) {
			const input = { email: given(values, 'email'), name: values.name ?? 'command line' };
			const { token } = await createToken({ ctx, input });
			return { line: token, json: { token } };
		}
	}
];
