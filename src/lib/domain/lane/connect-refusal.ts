/** Why a browser that connected may not be put through to the lead. */
export type ConnectRefusal =
	| 'unknown_call'
	| 'not_yours'
	| 'ended'
	| 'already_connected'
	| 'too_late'
	| 'organization_inactive'
	| 'calling_paused';
