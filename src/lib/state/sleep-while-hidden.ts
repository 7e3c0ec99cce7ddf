import type { LiveFeed } from './live-feed.svelte';

const HIDDEN_FOR_MS = 30_000;

/**
 * Closes the feed of a tab that nobody looks at and goes on, without a gap, when it is looked at again:
 * over HTTP/1.1 a browser opens six connections to one server, and six forgotten tabs would take all.
 */
export function sleepWhileHidden(feed: LiveFeed): () => void {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const look = () => {
		clearTimeout(timer);
		if (document.visibilityState === 'hidden') timer = setTimeout(() => feed.stop(), HIDDEN_FOR_MS);
		else feed.resume();
	};
	document.addEventListener('visibilitychange', look);
	return () => {
		clearTimeout(timer);
		document.removeEventListener('visibilitychange', look);
	};
}
