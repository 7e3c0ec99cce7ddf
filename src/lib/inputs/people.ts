import { z } from 'zod';
import { text, organizationId } from './parts';

export const CreateUserInput = z.object({
	email: z
		.email('email must be an e-mail address.')
		.max(254, 'email must be at most 254 characters.'),
	name: text('name', 1, 120).optional(),
	password: z
		.string()
		.min(10, 'password must have 10 to 200 characters.')
		.max(200, 'password must have 10 to 200 characters.'),
	role: z.enum(['super_admin', 'manager', 'agent'], 'role must be super_admin, manager or agent.'),
	organizationId: organizationId.nullable()
});
export type CreateUserInput = z.infer<typeof CreateUserInput>;
