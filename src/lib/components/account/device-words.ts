const BROWSERS: [RegExp, string][] = [
	[/Edg\//, 'Edge'],
	[/OPR\//, 'Opera'],
	[/Firefox\//, 'Firefox'],
	[/(Headless)?Chrome\//, 'Chrome'],
	[/Safari\//, 'Safari']
];
const SYSTEMS: [RegExp, string][] = [
	[/Android/, 'Android'],
	[/iPhone|iPad/, 'iOS'],
	[/Windows/, 'Windows'],
	[/Mac OS X/, 'macOS'],
	[/CrOS/, 'ChromeOS'],
	[/Linux/, 'Linux']
];

/** `Firefox on Linux`, from what a browser says it is. */
export function deviceWords(userAgent: string | null): string {
	const named = (names: [RegExp, string][]) =>
		names.find(([mark]) => mark.test(userAgent ?? ''))?.[1];
	const browser = named(BROWSERS);
	const system = named(SYSTEMS);
	if (!browser) return system ? `A browser on ${system}` : 'A browser';
	return system ? `${browser} on ${system}` : browser;
}
