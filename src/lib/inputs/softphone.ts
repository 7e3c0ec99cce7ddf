import { z } from 'zod';
import { id } from './parts';

/** What a browser shows the sandbox to be connected, as the Voice SDK shows it to Twilio. */
export const SandboxConnectInput = z.object({
	token: z.string('token must be an access token.').min(1).max(4_000, 'token is too long.'),
	params: z.object({ call: id('params.call') })
});
export type SandboxConnectInput = z.infer<typeof SandboxConnectInput>;
