/** What the codes of Twilio's Voice SDK mean to the person at the browser (PROVIDERS.md 1.8). */

/**
 * `new_token`: ask for one and register again, once. `ask_microphone`: no call was placed; the person must
 * allow it. `check_call`: look whether the call lives before it is placed again. `tell`: nothing to be done.
 */
export type Remedy = 'new_token' | 'ask_microphone' | 'check_call' | 'tell';

export interface Trouble {
	code: number;
	/** What did not happen, why, and what to do. */
	sentence: string;
	remedy: Remedy;
}

const SIGN_IN = 'The browser could not sign in as a phone. Reload the page and try again.';
const NOT_ALLOWED =
	'This browser may not place calls: the phone provider refused it. Tell your administrator.';
const CONNECTION =
	'The connection to the phone provider broke. Check your network; see whether the call lives before you call again.';
const MEDIA =
	'No sound could be carried: your network may block calls. Try another network, or call with your phone.';
const GONE = 'The phone provider could not carry the call. Try again in a moment.';

const TABLE: Record<number, [remedy: Remedy, sentence: string]> = {
	20101: ['new_token', SIGN_IN],
	20102: ['new_token', SIGN_IN],
	20103: ['new_token', SIGN_IN],
	20104: ['new_token', SIGN_IN],
	20105: ['new_token', SIGN_IN],
	20106: ['new_token', SIGN_IN],
	20107: ['new_token', SIGN_IN],
	20151: ['new_token', NOT_ALLOWED],
	20157: ['new_token', SIGN_IN],
	31000: ['tell', GONE],
	31001: ['tell', NOT_ALLOWED],
	31002: ['tell', 'The call was declined.'],
	31003: ['check_call', MEDIA],
	31005: ['check_call', CONNECTION],
	31008: ['tell', 'The call was cancelled.'],
	31009: ['check_call', CONNECTION],
	31201: ['new_token', NOT_ALLOWED],
	31202: ['new_token', SIGN_IN],
	31203: ['new_token', NOT_ALLOWED],
	31204: ['new_token', SIGN_IN],
	31205: ['new_token', SIGN_IN],
	31206: ['tell', 'Too many calls were started at once. Wait a moment and call again.'],
	31207: ['new_token', SIGN_IN],
	31401: [
		'ask_microphone',
		'The call was not placed: this page may not use the microphone. Allow it in the address bar, then call again.'
	],
	31402: [
		'ask_microphone',
		'The call was not placed: the microphone could not be used. See whether it is plugged in, and whether another program has it.'
	],
	31404: ['tell', 'The call could not be found at the phone provider. Place it again.'],
	31408: ['check_call', GONE],
	31480: ['tell', 'The other side cannot be reached right now. Try again later.'],
	31486: ['tell', 'The line is busy. Try again later.'],
	31603: ['tell', 'The call was declined.'],
	53000: ['check_call', CONNECTION],
	53400: ['check_call', MEDIA],
	53402: ['check_call', MEDIA],
	53405: ['check_call', MEDIA]
};

/** @param code of the SDK's error; one that we do not know keeps its number */
export function troubleOf(code: number): Trouble {
	const known = TABLE[code];
	if (known) return { code, remedy: known[0], sentence: known[1] };
	const sentence = `The phone in the browser reports error ${code}. Reload the page and try again.`;
	return { code, remedy: 'tell', sentence };
}
