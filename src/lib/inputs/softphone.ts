import { z } from 'zod';
import { id } from './parts';

/** What a browser tells the sandbox when it connects, as the Voice SDK tells Twilio. */
export const SandboxConnectInput = z.object({ params: z.object({ call: id('params.call') }) });
export type SandboxConnectInput = z.infer<typeof SandboxConnectInput>;
