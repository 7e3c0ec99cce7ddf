import type { TwilioCall } from './call-record';
import type { CallbackTarget } from './parameters';

export type DeviceState = 'connecting' | 'ringing' | 'open' | 'closed';

/** A call as its softphone sees it. */
export interface DeviceCall {
	call: TwilioCall;
	identity: string;
	direction: 'outgoing' | 'incoming';
	state: DeviceState;
	error: { code: number; message: string } | null;
	/** Counts changes, so that a softphone can wait for the next one. */
	version: number;
	child: TwilioCall | null;
	/** Where the end of the `<Dial>` under way is told. */
	action: CallbackTarget | null;
	customFields: Record<string, string>;
	applicationSid: string;
	wake: (() => void)[];
}

/** What the softphone is told. */
export function deviceView({ call, state, error, version, direction, child }: DeviceCall): object {
	const { from, to } = call.parameters;
	const childSid = child?.sid ?? null;
	return {
		callSid: call.sid,
		childCallSid: childSid,
		direction,
		from,
		to,
		state,
		error,
		version
	};
}
