/** Codes of the Voice SDK (PROVIDERS.md 1.8): not allowed, and not to be had. */
const NOT_ALLOWED = 31_401;
const NOT_FOUND = 31_402;

/**
 * Whether this page can use a microphone, asking for it where the person was not asked yet.
 * @returns null when it can, else the code that says why not
 */
export async function checkMicrophone(): Promise<number | null> {
	if (typeof navigator === 'undefined' || !navigator.mediaDevices) return NOT_FOUND;
	try {
		const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
		for (const track of stream.getTracks()) track.stop();
		return null;
	} catch (thrown) {
		const name = thrown instanceof DOMException ? thrown.name : '';
		return name === 'NotAllowedError' || name === 'SecurityError' ? NOT_ALLOWED : NOT_FOUND;
	}
}
