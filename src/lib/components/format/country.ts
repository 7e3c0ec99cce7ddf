const names = new Intl.DisplayNames('en', { type: 'region' });

/** `United States`; numbers that belong to no country are international. */
export function countryName(code: string): string {
	return code === '001' ? 'International' : (names.of(code) ?? code);
}

/** The country of a number that is still being typed. */
export function placeName(code: string | null): string {
	return code === null ? 'Unknown country' : countryName(code);
}
