/** Keys and what they do: `?`, `/`, or two keys in a row such as `g d`. `mod+k` is Ctrl or ⌘. */
export type Shortcuts = Record<string, () => void>;

const SEQUENCE_MS = 1_200;

/** Whether a key belongs to what is being typed or to what floats above the page. */
export function isTakenKey(event: KeyboardEvent): boolean {
	if (event.defaultPrevented || event.isComposing) return true;
	const target = event.target;
	if (!(target instanceof Element)) return false;
	return (
		target.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu]') !==
		null
	);
}

/** Makes a keydown handler. Single keys are heard outside fields and dialogs, `mod+k` everywhere. */
export function shortcutHandler(shortcuts: () => Shortcuts): (event: KeyboardEvent) => void {
	let first: { key: string; atMs: number } | null = null;

	return (event) => {
		const withModifier = event.ctrlKey || event.metaKey;
		if (withModifier && !event.altKey && !event.shiftKey) {
			run(event, shortcuts()[`mod+${event.key.toLowerCase()}`]);
			return;
		}
		if (withModifier || event.altKey || isTakenKey(event)) return;
		const known = shortcuts();
		const isSecond = first !== null && event.timeStamp - first.atMs < SEQUENCE_MS;
		const action = known[isSecond ? `${first?.key} ${event.key}` : event.key];
		first =
			!isSecond && startsSequence(known, event.key)
				? { key: event.key, atMs: event.timeStamp }
				: null;
		run(event, action);
	};
}

function startsSequence(shortcuts: Shortcuts, key: string): boolean {
	return Object.keys(shortcuts).some((keys) => keys.startsWith(`${key} `));
}

function run(event: KeyboardEvent, action: (() => void) | undefined): void {
	if (!action) return;
	event.preventDefault();
	action();
}
