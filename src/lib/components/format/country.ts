const names = new Intl.DisplayNames('en', { type: 'region' });

/** `United States`; numbers that belong to no country are international. */
export function countryName(code: string): string {
	return code === '001' ? 'International' : (names.of(code) ?? code);
}
