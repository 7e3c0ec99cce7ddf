/*
 * Puts the chosen theme on <html> before the first paint. It stands in a file of its own because the
 * content security policy admits no inline script; mode-watcher takes over once the page is alive.
 */
(() => {
	let mode = 'system';
	try {
		mode = localStorage.getItem('mode-watcher-mode') ?? 'system';
	} catch {
		// A browser that forbids storage follows the system.
	}
	const isLight =
		mode === 'light' ||
		(mode !== 'dark' && window.matchMedia('(prefers-color-scheme: light)').matches);
	const root = document.documentElement;
	root.classList.add(isLight ? 'light' : 'dark');
	root.style.colorScheme = isLight ? 'light' : 'dark';
})();
